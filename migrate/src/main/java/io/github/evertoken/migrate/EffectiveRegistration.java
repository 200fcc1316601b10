package io.github.evertoken.migrate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * A registration as Spring Boot completes it under one condition, but for what it would
 * ask the issuer.
 *
 * @param id the identifier
 * @param provider the name of the provider
 * @param grantType the grant, or {@code null} if nothing tells it
 * @param clientId the client's identifier, or {@code null}
 * @param clientSecret the client's secret, or {@code null}
 * @param authenticationMethod how the client authenticates, or {@code null} if nothing
 * tells it
 * @param scope the scope
 * @param tokenUri the token endpoint, or {@code null}
 * @param issuerUri the issuer, or {@code null}
 */
record EffectiveRegistration(String id, String provider, @Nullable String grantType, @Nullable String clientId,
		@Nullable String clientSecret, @Nullable String authenticationMethod, List<String> scope,
		@Nullable String tokenUri, @Nullable String issuerUri) {

	private static final String LOGIN = "authorization_code";

	private static final String URN = "urn:ietf:params:oauth:grant-type:";

	static EffectiveRegistration of(String id, Registration registration, Map<String, Provider> providers) {
		String name = StringUtils.hasText(registration.getProvider()) ? registration.getProvider() : id;
		Provider provider = Objects.requireNonNullElseGet(providers.get(name), Provider::new);
		String issuerUri = text(provider.getIssuerUri());
		WellKnownProvider known = (issuerUri == null) ? WellKnownProvider.of(name) : null;
		String grantType = text(registration.getAuthorizationGrantType());
		String method = text(registration.getClientAuthenticationMethod());
		String tokenUri = text(provider.getTokenUri());
		List<String> scope = List.copyOf(registration.getScope());
		return new EffectiveRegistration(id, name,
				(grantType == null && (issuerUri != null || known != null)) ? LOGIN : grantType,
				text(registration.getClientId()), text(registration.getClientSecret()),
				(method == null && known != null) ? known.clientAuthenticationMethod() : lenient(method),
				(scope.isEmpty() && known != null) ? known.scope() : scope,
				(tokenUri == null && known != null) ? known.tokenUri() : tokenUri, issuerUri);
	}

	private static @Nullable String text(@Nullable String value) {
		return StringUtils.hasText(value) ? value : null;
	}

	/**
	 * Spring Security had other names for two methods, once.
	 */
	private static @Nullable String lenient(@Nullable String method) {
		if (method == null) {
			return null;
		}
		return switch (method.toLowerCase(Locale.ROOT)) {
			case "basic" -> "client_secret_basic";
			case "post" -> "client_secret_post";
			default -> method;
		};
	}

	/**
	 * Tell whether users log in with it.
	 */
	boolean isLogin() {
		return LOGIN.equals(this.grantType) || "refresh_token".equals(this.grantType);
	}

	/**
	 * Return the name of the grant in Evertoken, or {@code null} if it has none of it.
	 */
	@Nullable String evertokenGrant() {
		String name = (this.grantType != null && this.grantType.startsWith(URN))
				? this.grantType.substring(URN.length()).replace('-', '_') : this.grantType;
		return (name != null && List.of("client_credentials", "jwt_bearer", "token_exchange").contains(name)) ? name
				: null;
	}

	/**
	 * Without the secret.
	 */
	@Override
	public String toString() {
		return "EffectiveRegistration[id=" + this.id + ", grantType=" + this.grantType + "]";
	}

}
