package io.github.evertoken.boot.autoconfigure.properties;

/**
 * How a client proves to a token endpoint who it is.
 *
 * @since 0.1.0
 */
public enum ClientAuthenticationMethod {

	/**
	 * With an {@code Authorization: Basic} header (RFC 6749, section 2.3.1).
	 */
	CLIENT_SECRET_BASIC,

	/**
	 * With the form parameters {@code client_id} and {@code client_secret}.
	 */
	CLIENT_SECRET_POST,

	/**
	 * With a JWT that the client signs with its secret (OpenID Connect Core, section 9).
	 */
	CLIENT_SECRET_JWT,

	/**
	 * With a JWT that the client signs with a private key (RFC 7523, section 2.2).
	 */
	PRIVATE_KEY_JWT,

	/**
	 * With a JWT that somebody else writes into a file, such as a projected token of
	 * Kubernetes.
	 */
	CLIENT_ASSERTION,

	/**
	 * With the certificate of the connection, which an authority has issued (RFC 8705,
	 * section 2.1).
	 */
	TLS_CLIENT_AUTH,

	/**
	 * With the certificate of the connection, which the authorization server knows (RFC
	 * 8705, section 2.2).
	 */
	SELF_SIGNED_TLS_CLIENT_AUTH,

	/**
	 * Not at all: a public client, which sends its {@code client_id} alone.
	 */
	NONE;

	/**
	 * Tell whether it is the certificate of the connection that authenticates.
	 */
	public boolean isMutualTls() {
		return this == TLS_CLIENT_AUTH || this == SELF_SIGNED_TLS_CLIENT_AUTH;
	}

}
