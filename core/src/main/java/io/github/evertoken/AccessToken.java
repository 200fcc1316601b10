package io.github.evertoken;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * An access token as a caller gets it: a value to send, and the times between which it is
 * expected to be accepted.
 * <p>
 * Instances are immutable. The value never appears in {@link #toString()}.
 *
 * @since 0.1.0
 */
public final class AccessToken {

	private final String value;

	private final String headerValue;

	private final Instant obtainedAt;

	private final Instant expiresAt;

	/**
	 * Create an access token.
	 * @param type the token type, as it stands before the value in an
	 * {@code Authorization} header; {@code Bearer} for a bearer token
	 * @param value the token itself
	 * @param obtainedAt the instant just before the token was requested
	 * @param expiresAt the instant from which the token counts as expired
	 */
	public AccessToken(String type, String value, Instant obtainedAt, Instant expiresAt) {
		Objects.requireNonNull(type, "type");
		this.value = Objects.requireNonNull(value, "value");
		this.headerValue = type + ' ' + value;
		this.obtainedAt = Objects.requireNonNull(obtainedAt, "obtainedAt");
		this.expiresAt = Objects.requireNonNull(expiresAt, "expiresAt");
	}

	/**
	 * Return the token itself.
	 * @return the value, never empty
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Return what an {@code Authorization} header carries for this token (RFC 6750,
	 * section 2.1). It is built once, so that a request costs no string.
	 * @return the token type, a space and the value
	 */
	public String headerValue() {
		return this.headerValue;
	}

	/**
	 * Return the instant just before the token was requested.
	 * @return the start of the token's life
	 */
	public Instant obtainedAt() {
		return this.obtainedAt;
	}

	/**
	 * Return the instant from which the token counts as expired.
	 * @return the end of the token's life
	 */
	public Instant expiresAt() {
		return this.expiresAt;
	}

	/**
	 * Return how long the token lives in all.
	 * @return the time from {@link #obtainedAt()} to {@link #expiresAt()}
	 */
	public Duration lifetime() {
		return Duration.between(this.obtainedAt, this.expiresAt);
	}

	/**
	 * Two access tokens are equal when they are sent as the same header value.
	 */
	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof AccessToken that && this.headerValue.equals(that.headerValue));
	}

	@Override
	public int hashCode() {
		return this.headerValue.hashCode();
	}

	@Override
	public String toString() {
		return "AccessToken[obtainedAt=" + this.obtainedAt + ", expiresAt=" + this.expiresAt + "]";
	}

}
