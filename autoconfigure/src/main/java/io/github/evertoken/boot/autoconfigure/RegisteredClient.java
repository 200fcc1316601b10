package io.github.evertoken.boot.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.evertoken.boot.autoconfigure.EvertokenProperties.Client;
import io.github.evertoken.boot.autoconfigure.EvertokenProperties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.EvertokenProperties.GrantType;
import org.jspecify.annotations.Nullable;

/**
 * What a registration says of a client. Whatever the client's own properties say wins;
 * the registration's secret goes with the registration's identifier alone.
 *
 * @param id the registration's identifier
 * @param clientId the client's identifier
 * @param clientSecret the client's secret, or {@code null}
 * @param authenticationMethod how the client authenticates, or {@code null}
 * @param grantType the grant
 * @param scope the scope, maybe empty
 * @param tokenUri the token endpoint, or {@code null} if the issuer tells it
 * @param issuerUri the issuer, or {@code null}
 */
record RegisteredClient(String id, String clientId, @Nullable String clientSecret,
		@Nullable String authenticationMethod, String grantType, Set<String> scope, @Nullable String tokenUri,
		@Nullable String issuerUri) {

	/**
	 * The grants whose first token set a login leaves, and which then live on refresh
	 * tokens.
	 */
	private static final Set<String> GRANTS_OF_A_LOGIN = Set.of("authorization_code", "refresh_token");

	private static final String URN = "urn:ietf:params:oauth:grant-type:";

	void complete(Client client, SetProperties set, ConfigurationProblems.OfClient problems) {
		if (!set.contain("grant-type")) {
			completeGrantType(client, problems);
		}
		if (!set.contain("client-authentication-method")) {
			completeAuthenticationMethod(client, problems);
		}
		completeCredentials(client, problems);
		if (!set.contain("scope")) {
			client.setScope(List.copyOf(this.scope));
		}
		if (!set.contain("token-uri") && !set.contain("issuer-uri")) {
			client.setTokenUri(this.tokenUri);
			client.setIssuerUri(this.issuerUri);
		}
	}

	private void completeGrantType(Client client, ConfigurationProblems.OfClient problems) {
		String name = GRANTS_OF_A_LOGIN.contains(this.grantType) ? GrantType.REFRESH_TOKEN.name() : constantName(
				this.grantType.startsWith(URN) ? this.grantType.substring(URN.length()) : this.grantType);
		for (GrantType grantType : GrantType.values()) {
			if (grantType.name().equals(name)) {
				client.setGrantType(grantType);
				return;
			}
		}
		problems.add("grant-type", unknown("authorization-grant-type", this.grantType, GrantType.values()));
	}

	private void completeAuthenticationMethod(Client client, ConfigurationProblems.OfClient problems) {
		if (this.authenticationMethod == null) {
			return;
		}
		for (ClientAuthenticationMethod method : ClientAuthenticationMethod.values()) {
			if (method.name().equals(constantName(this.authenticationMethod))) {
				client.setClientAuthenticationMethod(method);
				return;
			}
		}
		problems.add("client-authentication-method", unknown("client-authentication-method", this.authenticationMethod,
				ClientAuthenticationMethod.values()));
	}

	private static String constantName(String name) {
		return name.replace('-', '_').toUpperCase(Locale.ROOT);
	}

	private String unknown(String property, String value, Enum<?>[] known) {
		return "must be set to one of "
				+ Arrays.stream(known)
					.map((constant) -> constant.name().toLowerCase(Locale.ROOT))
					.collect(Collectors.joining(", "))
				+ ", for the " + property + " of Spring Security's registration '" + this.id + "' is '" + value
				+ "', which Evertoken does not know";
	}

	private void completeCredentials(Client client, ConfigurationProblems.OfClient problems) {
		boolean same = client.getClientId() == null || client.getClientId().equals(this.clientId);
		if (client.getClientId() == null) {
			client.setClientId(this.clientId);
		}
		if (hasSecret(client) || this.clientSecret == null || !isSecretUsed(client)) {
			return;
		}
		if (same) {
			client.setClientSecret(this.clientSecret);
		}
		else {
			problems.add("client-id",
					"is '" + Objects.requireNonNull(client.getClientId()).replaceAll("\\p{Cntrl}", "?")
							+ "', but that of Spring Security's registration '" + this.id + "' is '" + this.clientId
							+ "', whose secret is not this client's; set " + problems.name("client-secret")
							+ " too, or leave both out");
		}
	}

	private static boolean hasSecret(Client client) {
		return client.getClientSecret() != null || client.getClientSecretLocation() != null;
	}

	private static boolean isSecretUsed(Client client) {
		return client.getClientAuthenticationMethod().name().startsWith("CLIENT_SECRET_");
	}

}
