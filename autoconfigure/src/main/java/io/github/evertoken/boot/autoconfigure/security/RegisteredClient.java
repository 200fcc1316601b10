package io.github.evertoken.boot.autoconfigure.security;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
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

	/**
	 * Return a client with what the registration says of it. The client itself stays what
	 * somebody has written.
	 */
	ClientProperties complete(ClientProperties client, SetProperties set, ConfigurationProblems.OfClient problems) {
		GrantType grantType = set.contain("grant-type") ? client.grantType() : grantType(client.grantType(), problems);
		ClientAuthenticationMethod method = set.contain("client-authentication-method")
				? client.clientAuthenticationMethod()
				: authenticationMethod(client.clientAuthenticationMethod(), problems);
		boolean endpoint = set.contain("token-uri") || set.contain("issuer-uri");
		return client.completed(grantType, method, Objects.requireNonNullElse(client.clientId(), this.clientId),
				clientSecret(client, method, problems), set.contain("scope") ? client.scope() : List.copyOf(this.scope),
				endpoint ? client.tokenUri() : this.tokenUri, endpoint ? client.issuerUri() : this.issuerUri);
	}

	/**
	 * Require that there is no placeholder in it that nobody has resolved.
	 * @return this
	 */
	RegisteredClient requireResolved() {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("client-id", this.clientId);
		values.put("client-secret", String.valueOf(this.clientSecret));
		values.put("token-uri", String.valueOf(this.tokenUri));
		values.put("issuer-uri", String.valueOf(this.issuerUri));
		values.put("scope", this.scope.toString());
		values.forEach((property, value) -> {
			String unresolved = ConfigurationProblems.unresolved(value);
			if (unresolved != null) {
				throw new IllegalArgumentException("is '" + this.id + "', but the " + property
						+ " of Spring Security's registration '" + this.id + "' " + unresolved);
			}
		});
		return this;
	}

	private GrantType grantType(GrantType otherwise, ConfigurationProblems.OfClient problems) {
		String name = GRANTS_OF_A_LOGIN.contains(this.grantType) ? GrantType.REFRESH_TOKEN.name() : constantName(
				this.grantType.startsWith(URN) ? this.grantType.substring(URN.length()) : this.grantType);
		for (GrantType grantType : GrantType.values()) {
			if (grantType.name().equals(name)) {
				return grantType;
			}
		}
		problems.add("grant-type", unknown("authorization-grant-type", this.grantType, GrantType.values()));
		return otherwise;
	}

	private ClientAuthenticationMethod authenticationMethod(ClientAuthenticationMethod otherwise,
			ConfigurationProblems.OfClient problems) {
		if (this.authenticationMethod == null) {
			return otherwise;
		}
		for (ClientAuthenticationMethod method : ClientAuthenticationMethod.values()) {
			if (method.name().equals(constantName(this.authenticationMethod))) {
				return method;
			}
		}
		problems.add("client-authentication-method", unknown("client-authentication-method", this.authenticationMethod,
				ClientAuthenticationMethod.values()));
		return otherwise;
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

	private @Nullable String clientSecret(ClientProperties client, ClientAuthenticationMethod method,
			ConfigurationProblems.OfClient problems) {
		if (hasSecret(client) || this.clientSecret == null || !method.name().startsWith("CLIENT_SECRET_")) {
			return client.clientSecret();
		}
		String clientId = client.clientId();
		if (clientId == null || clientId.equals(this.clientId)) {
			return this.clientSecret;
		}
		problems.add("client-id",
				"is '" + clientId.replaceAll("\\p{Cntrl}", "?") + "', but that of Spring Security's registration '"
						+ this.id + "' is '" + this.clientId + "', whose secret is not this client's; set "
						+ problems.name("client-secret") + " too, or leave both out");
		return null;
	}

	private static boolean hasSecret(ClientProperties client) {
		return client.clientSecret() != null || client.clientSecretLocation() != null;
	}

	/**
	 * Without the secret.
	 */
	@Override
	public String toString() {
		return "RegisteredClient[id=" + this.id + ", clientId=" + this.clientId + ", authenticationMethod="
				+ this.authenticationMethod + ", grantType=" + this.grantType + "]";
	}

}
