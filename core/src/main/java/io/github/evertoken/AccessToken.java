package io.github.evertoken;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * An access token as a caller gets it: a value to send, and the times between which it is
 * expected to be accepted.
 * <p>
 * Instances are immutable. The value never appears in {@link #toString()}. The manager
 * hands out what it holds itself, which knows more of the token than its callers need.
 *
 * @since 0.1.0
 */
public class AccessToken {

	private final String headerValue;

	private final long obtainedAt;

	private final long expiresAt;

	/**
	 * Create an access token.
	 * @param type the token type, as it stands before the value in an
	 * {@code Authorization} header: a {@code token} of RFC 9110, section 5.6.2;
	 * {@code Bearer} for a bearer token
	 * @param value the token itself
	 * @param obtainedAt the instant just before the token was requested; milliseconds
	 * count
	 * @param expiresAt the instant from which the token counts as expired; milliseconds
	 * count
	 * @throws IllegalArgumentException if the type is none
	 */
	public AccessToken(String type, String value, Instant obtainedAt, Instant expiresAt) {
		this.headerValue = BearerTokens.requireScheme(type) + ' ' + Objects.requireNonNull(value, "value");
		this.obtainedAt = obtainedAt.toEpochMilli();
		this.expiresAt = expiresAt.toEpochMilli();
	}

	/**
	 * Return the token itself. It is cut out of {@link #headerValue()} at each call: a
	 * token is held once, and most callers send it.
	 * @return the value, never empty
	 */
	public final String value() {
		return this.headerValue.substring(this.headerValue.indexOf(' ') + 1);
	}

	/**
	 * Return the token type (RFC 6749, section 7.1).
	 * @return the type as it stands in an {@code Authorization} header, never empty
	 */
	public final String tokenType() {
		return this.headerValue.substring(0, this.headerValue.indexOf(' '));
	}

	/**
	 * Return what an {@code Authorization} header carries for this token (RFC 6750,
	 * section 2.1). It is built once, so that a request costs no string.
	 * @return the token type, a space and the value
	 */
	public final String headerValue() {
		return this.headerValue;
	}

	/**
	 * Return the instant just before the token was requested.
	 * @return the start of the token's life
	 */
	public final Instant obtainedAt() {
		return Instant.ofEpochMilli(this.obtainedAt);
	}

	/**
	 * Return the instant from which the token counts as expired.
	 * @return the end of the token's life
	 */
	public final Instant expiresAt() {
		return Instant.ofEpochMilli(this.expiresAt);
	}

	/**
	 * Return how long the token lives in all.
	 * @return the time from {@link #obtainedAt()} to {@link #expiresAt()}
	 */
	public final Duration lifetime() {
		return Duration.ofMillis(this.expiresAt - this.obtainedAt);
	}

	/**
	 * Two access tokens are equal when they are sent as the same header value.
	 */
	@Override
	public final boolean equals(Object other) {
		return this == other || (other instanceof AccessToken that && this.headerValue.equals(that.headerValue));
	}

	@Override
	public final int hashCode() {
		return this.headerValue.hashCode();
	}

	@Override
	public String toString() {
		return "AccessToken[obtainedAt=" + obtainedAt() + ", expiresAt=" + expiresAt() + "]";
	}

}
