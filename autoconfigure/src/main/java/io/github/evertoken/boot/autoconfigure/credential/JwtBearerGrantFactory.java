package io.github.evertoken.boot.autoconfigure.credential;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.SecretCheck;
import io.github.evertoken.boot.autoconfigure.properties.AssertionProperties;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.JwtBearerGrant;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ObjectUtils;

/**
 * Makes the grant of one client that signs its assertion itself.
 */
final class JwtBearerGrantFactory {

	private static final String PREFIX = "assertion.";

	private final SigningKeyLocator keys;

	JwtBearerGrantFactory(SigningKeyLocator keys) {
		this.keys = keys;
	}

	/**
	 * Tell whether a client signs its assertion, and is not given one.
	 */
	static boolean isMeantBy(ClientProperties client) {
		return client.grantType() == GrantType.JWT_BEARER && !setProperties(client).isEmpty();
	}

	/**
	 * Return the names of all that is set for the assertion.
	 */
	static List<String> setProperties(ClientProperties client) {
		AssertionProperties assertion = client.assertion();
		Map<String, @Nullable Object> values = SigningKeyLocator.values(PREFIX, assertion);
		values.put(PREFIX + "issuer", assertion.issuer());
		values.put(PREFIX + "subject", assertion.subject());
		values.put(PREFIX + "claims", assertion.claims());
		return values.entrySet()
			.stream()
			.filter((entry) -> !ObjectUtils.isEmpty(entry.getValue()))
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Return the grant, or {@code null} if there is a problem with it.
	 */
	@Nullable AuthorizationGrant of(ClientProperties client, ConfigurationProblems.OfClient problems) {
		AssertionProperties assertion = client.assertion();
		SigningKeyLocator.Source<?> source = this.keys.find(PREFIX, assertion, "the client signs an assertion",
				problems);
		JwtBearerGrant.Builder builder = (source != null)
				? problems.check(source.property(), () -> JwtBearerGrant.signedWith(source.name(), source.key()))
				: null;
		if (source == null || builder == null) {
			return null;
		}
		problems.check(PREFIX + "algorithm", () -> builder.algorithm(assertion.algorithm()));
		problems.check(PREFIX + "key-id", () -> builder.keyId(SecretCheck.require(assertion.keyId())));
		problems.check(PREFIX + "lifetime", () -> builder.lifetime(assertion.lifetime()));
		problems.check(PREFIX + "issuer", () -> builder.assertionIssuer(issuer(client, problems)));
		problems.check(PREFIX + "subject", () -> builder.subject(SecretCheck.require(assertion.subject())));
		problems.check(PREFIX + "audience", () -> builder.audience(audience(client)));
		assertion.claims()
			.forEach((name, value) -> problems.check(PREFIX + "claims." + name, () -> builder.claim(name, value)));
		return problems.isEmpty() ? builder.build() : null;
	}

	private static String issuer(ClientProperties client, ConfigurationProblems.OfClient problems) {
		String issuer = client.assertion().issuer();
		String known = (issuer != null) ? issuer : client.clientId();
		if (known == null) {
			throw new IllegalArgumentException(
					"must be set, to the name under which the authorization server knows who signs, such as that of a"
							+ " service account, for " + problems.name("client-id") + " is not set either");
		}
		return SecretCheck.requirePresent(known);
	}

	/**
	 * Without an issuer and a token endpoint, that is the problem, and no second one.
	 */
	private static String audience(ClientProperties client) {
		String audience = SecretCheck.require(client.assertion().audience());
		String issuer = client.issuerUri();
		String tokenUri = client.tokenUri();
		if (audience == null) {
			return (issuer != null) ? issuer : Objects.requireNonNullElse(tokenUri, "unknown");
		}
		return switch (audience) {
			case "issuer" -> required(issuer, "'token-endpoint'", "no issuer is configured", audience);
			case "token-endpoint" -> required(tokenUri, "'issuer'", "no token-uri is configured", audience);
			default -> audience;
		};
	}

	private static String required(@Nullable String known, String other, String reason, String audience) {
		if (known == null) {
			throw new IllegalArgumentException("must be " + other + ", or the identifier of the authorization server"
					+ " itself, for " + reason + ", but is '" + audience + "'");
		}
		return known;
	}

}
