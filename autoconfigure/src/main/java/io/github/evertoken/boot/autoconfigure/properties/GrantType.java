package io.github.evertoken.boot.autoconfigure.properties;

/**
 * The grants of RFC 6749, RFC 7523 and RFC 8693.
 *
 * @since 0.1.0
 */
public enum GrantType {

	/**
	 * The client asks in its own name (RFC 6749, section 4.4).
	 */
	CLIENT_CREDENTIALS(false),

	/**
	 * The client has no grant of its own and lives on a refresh token (section 6).
	 */
	REFRESH_TOKEN(true),

	/**
	 * The client shows a JWT as an assertion (RFC 7523, section 2.1), which it was given
	 * or signs itself. The JWT says on whose behalf.
	 */
	JWT_BEARER(false),

	/**
	 * The client exchanges a token for its own (RFC 8693). The token itself says on whose
	 * behalf.
	 */
	TOKEN_EXCHANGE(false);

	private final boolean forSubjects;

	GrantType(boolean forSubjects) {
		this.forSubjects = forSubjects;
	}

	/**
	 * Tell whether a subject that is resolved by name can have a token of the grant.
	 */
	public boolean isForSubjects() {
		return this.forSubjects;
	}

}
