package io.github.evertoken;

import java.time.Duration;

/**
 * A lease was to fail if no token lasts as long, and none does.
 *
 * @since 0.1.0
 */
public final class LeaseNotCoveredException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient TokenKey key;

	/**
	 * Create an exception.
	 * @param key the key of the lease
	 * @param duration how long the lease was to last
	 * @param remaining how long the freshest token lasts
	 */
	public LeaseNotCoveredException(TokenKey key, Duration duration, Duration remaining) {
		super("No token of " + key + " lasts for a lease of " + duration + ": the freshest lasts for " + remaining
				+ ". Let the authorization server issue longer tokens, shorten the lease, or use LeasePolicy.WARN"
				+ Troubleshooting.LEASE_NOT_COVERED.reference());
		this.key = key.withoutSubjectToken();
	}

	/**
	 * Return the key of the lease.
	 * @return the key, without its {@linkplain TokenKey#subjectToken() subject token}
	 */
	public TokenKey key() {
		return this.key;
	}

}
