package io.github.evertoken.boot.autoconfigure.credential;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientAssertionProperties;
import io.github.evertoken.boot.autoconfigure.properties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ObjectUtils;

/**
 * Knows which properties each way of authentication uses. One that it does not use stops
 * the start: somebody has meant another way, and would find out at the first request.
 */
final class CredentialPropertyCheck {

	private static final String ASSERTION = "client-assertion.";

	private static final Set<String> SECRET = Set.of("client-secret", "client-secret-location");

	private static final Set<String> SIGNED = Set.of(ASSERTION + "algorithm", ASSERTION + "key-id",
			ASSERTION + "audience", ASSERTION + "lifetime");

	private static final Set<String> KEY = Set.of(ASSERTION + "key", ASSERTION + "key-location",
			ASSERTION + "key-password", ASSERTION + "ssl-bundle", ASSERTION + "key-alias");

	private static final Set<String> FILE = Set.of(ASSERTION + "location", ASSERTION + "type");

	private static final Map<ClientAuthenticationMethod, List<Set<String>>> USED = new EnumMap<>(
			Map.of(ClientAuthenticationMethod.CLIENT_SECRET_BASIC, List.of(SECRET),
					ClientAuthenticationMethod.CLIENT_SECRET_POST, List.of(SECRET),
					ClientAuthenticationMethod.CLIENT_SECRET_JWT, List.of(SECRET, SIGNED),
					ClientAuthenticationMethod.PRIVATE_KEY_JWT, List.of(SIGNED, KEY),
					ClientAuthenticationMethod.CLIENT_ASSERTION, List.of(FILE)));

	private CredentialPropertyCheck() {
	}

	/**
	 * Report what is set, though the client's way of authentication does not use it.
	 */
	static void requireNoOther(ClientProperties client, ConfigurationProblems.OfClient problems) {
		ClientAuthenticationMethod method = client.clientAuthenticationMethod();
		values(client).forEach((property, value) -> {
			if (!ObjectUtils.isEmpty(value) && !uses(method, property)) {
				problems.add(property, "must not be set, for " + problems.name("client-authentication-method") + " is '"
						+ ClientAuthenticationFactory.nameOf(method) + "'; it is of use with " + usersOf(property));
			}
		});
	}

	private static boolean uses(ClientAuthenticationMethod method, String property) {
		for (Set<String> used : USED.getOrDefault(method, List.of())) {
			if (used.contains(property)) {
				return true;
			}
		}
		return false;
	}

	private static String usersOf(String property) {
		return USED.keySet()
			.stream()
			.filter((method) -> uses(method, property))
			.map((method) -> "'" + ClientAuthenticationFactory.nameOf(method) + "'")
			.collect(Collectors.joining(", "));
	}

	private static Map<String, @Nullable Object> values(ClientProperties client) {
		ClientAssertionProperties assertion = client.clientAssertion();
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		values.put("client-secret", client.clientSecret());
		values.put("client-secret-location", client.clientSecretLocation());
		values.putAll(SigningKeyLocator.values(ASSERTION, assertion));
		values.put(ASSERTION + "location", assertion.location());
		values.put(ASSERTION + "type", assertion.type());
		return values;
	}

}
