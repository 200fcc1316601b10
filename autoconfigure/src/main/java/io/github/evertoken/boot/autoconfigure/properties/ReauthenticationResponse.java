package io.github.evertoken.boot.autoconfigure.properties;

/**
 * How a request is answered that fails because somebody must log in again.
 *
 * @since 0.1.0
 */
public enum ReauthenticationResponse {

	/**
	 * With status 401 and a problem detail (RFC 9457).
	 */
	PROBLEM,

	/**
	 * With a redirect to the login path if the request accepts HTML, else like
	 * {@link #PROBLEM}.
	 */
	REDIRECT,

	/**
	 * Like any other failure.
	 */
	NONE

}
