package io.github.evertoken;

/**
 * What a lease does when no token of its issuer lasts as long as the lease.
 *
 * @since 0.1.0
 */
public enum LeasePolicy {

	/**
	 * Begin the work with the freshest token there is, and warn of it once per token: a
	 * line in the log and a {@link TokenEvent.LifetimeTooShort}. Renewals go on while the
	 * work lasts.
	 */
	WARN,

	/**
	 * Fail with a {@link LeaseNotCoveredException} before the work begins.
	 */
	FAIL

}
