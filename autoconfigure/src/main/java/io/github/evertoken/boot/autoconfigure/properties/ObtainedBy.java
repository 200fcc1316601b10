package io.github.evertoken.boot.autoconfigure.properties;

/**
 * Who obtains the tokens of a client.
 *
 * @since 0.1.0
 */
public enum ObtainedBy {

	/**
	 * Evertoken itself, from the token endpoint.
	 */
	TOKEN_ENDPOINT,

	/**
	 * Spring Security, through a {@code ReactiveOAuth2AuthorizedClientManager} bean.
	 */
	AUTHORIZED_CLIENT_MANAGER

}
