package io.github.evertoken.test.server;

/**
 * What of an {@link AuthorizationServer} can be asked for something.
 *
 * @since 0.1.0
 */
public enum Endpoint {

	/**
	 * The token endpoint (RFC 6749, section 3.2): {@code /token}.
	 */
	TOKEN,

	/**
	 * The revocation endpoint (RFC 7009): {@code /revoke}.
	 */
	REVOCATION,

	/**
	 * The metadata (RFC 8414 and OpenID Connect Discovery): below {@code /.well-known}.
	 */
	METADATA,

	/**
	 * The keys with which the server signs (RFC 7517): {@code /jwks}.
	 */
	JWKS,

	/**
	 * A protected resource: {@code /api} and all below it.
	 */
	RESOURCE

}
