package io.github.evertoken.lifecycle;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How far the clock of a client's issuer is from ours, by its last answer. Nothing is
 * decided by it.
 */
final class IssuerClock {

	private static final long UNKNOWN = Long.MIN_VALUE;

	/**
	 * A {@code Date} is cut off to the second: on average it was half a second later.
	 */
	private static final long CUT_OFF = 500;

	private volatile long ahead = UNKNOWN;

	/**
	 * The issuer has answered.
	 * @param issuerTime what time it is by its clock, or {@code null} if it does not say
	 */
	void answered(@Nullable Instant issuerTime, Moment now) {
		if (issuerTime != null) {
			this.ahead = ahead(issuerTime, now);
		}
	}

	/**
	 * Return by how many milliseconds it is ahead of ours, negative if it is behind, or
	 * {@code null} if that is not known.
	 */
	@Nullable Long ahead() {
		long known = this.ahead;
		return (known != UNKNOWN) ? known : null;
	}

	/**
	 * Return by how many milliseconds a clock is ahead of ours, to the second.
	 * @param date what it says now
	 */
	static long ahead(Instant date, Moment now) {
		return Moment.wallOf(date) + CUT_OFF - now.wall();
	}

}
