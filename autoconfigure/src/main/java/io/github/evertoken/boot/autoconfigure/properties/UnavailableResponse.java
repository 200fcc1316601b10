package io.github.evertoken.boot.autoconfigure.properties;

/**
 * How a reactive web application answers a request that fails because no token can be had
 * for the moment.
 *
 * @since 0.1.0
 */
public enum UnavailableResponse {

	/**
	 * Like any other failure.
	 */
	NONE,

	/**
	 * With 503, {@code Retry-After} and a problem detail (RFC 9457).
	 */
	PROBLEM

}
