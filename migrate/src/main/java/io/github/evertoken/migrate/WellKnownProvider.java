package io.github.evertoken.migrate;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The providers that Spring Security knows by their names, as its
 * {@code CommonOAuth2Provider} has them.
 */
enum WellKnownProvider {

	/**
	 * Google.
	 */
	GOOGLE("https://www.googleapis.com/oauth2/v4/token", "client_secret_basic", "openid", "profile", "email"),

	/**
	 * GitHub.
	 */
	GITHUB("https://github.com/login/oauth/access_token", "client_secret_basic", "read:user"),

	/**
	 * Facebook.
	 */
	FACEBOOK("https://graph.facebook.com/v2.8/oauth/access_token", "client_secret_post", "public_profile", "email"),

	/**
	 * X.
	 */
	X("https://api.x.com/2/oauth2/token", "client_secret_post", "users.read", "tweet.read"),

	/**
	 * Okta, where each customer has endpoints of their own.
	 */
	OKTA(null, "client_secret_basic", "openid", "profile", "email");

	private final @Nullable String tokenUri;

	private final String clientAuthenticationMethod;

	private final List<String> scope;

	WellKnownProvider(@Nullable String tokenUri, String clientAuthenticationMethod, String... scope) {
		this.tokenUri = tokenUri;
		this.clientAuthenticationMethod = clientAuthenticationMethod;
		this.scope = List.of(scope);
	}

	/**
	 * Return the provider of a name, however it is written, or {@code null} if nobody
	 * knows it.
	 */
	static @Nullable WellKnownProvider of(String name) {
		String letters = name.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
		for (WellKnownProvider provider : values()) {
			if (provider.name().equals(letters)) {
				return provider;
			}
		}
		return null;
	}

	@Nullable String tokenUri() {
		return this.tokenUri;
	}

	String clientAuthenticationMethod() {
		return this.clientAuthenticationMethod;
	}

	List<String> scope() {
		return this.scope;
	}

}
