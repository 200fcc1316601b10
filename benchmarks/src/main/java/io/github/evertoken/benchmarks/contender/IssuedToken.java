package io.github.evertoken.benchmarks.contender;

import java.time.Duration;
import java.time.Instant;

/**
 * A token as it comes from the {@link TokenSource}. Its value tells the time at which it
 * expires, so that whoever sees it sent can tell whether it was sent in time.
 *
 * @param value what goes behind {@code Bearer}
 * @param lifetime how long it lives from the moment at which it was issued
 * @param expiresAt when it expires
 */
public record IssuedToken(String value, Duration lifetime, Instant expiresAt) {

	/**
	 * The length of a signed JWT with a handful of claims.
	 */
	public static final int LENGTH = 1_000;

	private static final char SEPARATOR = '.';

	private static final String PADDING = "x".repeat(LENGTH);

	static IssuedToken issue(int number, Duration lifetime) {
		Instant expiresAt = Instant.now().plus(lifetime);
		String start = "t" + number + SEPARATOR + expiresAt.toEpochMilli() + SEPARATOR;
		return new IssuedToken(start + PADDING.substring(start.length()), lifetime, expiresAt);
	}

	/**
	 * Return when the token in an {@code Authorization} header expires.
	 * @param authorization the header's value
	 * @return the time in milliseconds
	 */
	public static long expiryOf(String authorization) {
		int start = authorization.indexOf(SEPARATOR) + 1;
		return Long.parseLong(authorization, start, authorization.indexOf(SEPARATOR, start), 10);
	}

	/**
	 * Return how long the token can be sent if a margin is kept before its expiry.
	 * @param margin the margin
	 * @return the time from now on, not negative
	 */
	public Duration usableFor(Duration margin) {
		Duration left = Duration.between(Instant.now(), this.expiresAt).minus(margin);
		return left.isNegative() ? Duration.ZERO : left;
	}

}
