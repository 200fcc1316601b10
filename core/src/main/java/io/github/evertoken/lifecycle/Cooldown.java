package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Objects;
import java.util.function.DoubleSupplier;

import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

/**
 * The time after a failed flight in which no new one may start.
 *
 * @param failure why the last flight failed, {@code null} if it did not
 * @param failures how many flights have failed in a row
 * @param end the time from which a flight may start
 */
record Cooldown(@Nullable TokenException failure, int failures, long end) {

	static final Cooldown NONE = new Cooldown(null, 0, Long.MIN_VALUE);

	private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

	private static final int MOST_DOUBLINGS = 30;

	/**
	 * The cooldown after one more failure: U(0, initial × 2<sup>failures</sup>), capped
	 * at the maximum ("full jitter"), and not less than the issuer asked for, up to 5
	 * minutes.
	 */
	Cooldown after(TokenException failure, long now, ClientSettings settings, DoubleSupplier random) {
		double bound = Math.min(settings.maxBackoff().toMillis(),
				settings.initialBackoff().toMillis() * (double) (1L << Math.min(this.failures, MOST_DOUBLINGS)));
		long backoff = (long) Math.ceil(random.getAsDouble() * bound);
		Duration retryAfter = retryAfter(failure);
		long asked = (retryAfter != null) ? retryAfter.toMillis() : 0;
		return new Cooldown(failure, this.failures + 1, now + Math.max(backoff, asked));
	}

	/**
	 * Return how long the issuer asks to be left alone, up to 5 minutes.
	 * @return the time, {@code null} if it does not ask
	 */
	static @Nullable Duration retryAfter(Throwable failure) {
		Duration asked = (failure instanceof TransientTokenException busy) ? busy.retryAfter() : null;
		if (asked == null || asked.compareTo(LONGEST_RETRY_AFTER) > 0) {
			return (asked != null) ? LONGEST_RETRY_AFTER : null;
		}
		return asked.isNegative() ? Duration.ZERO : asked;
	}

	boolean lasts(long now) {
		return now < this.end;
	}

	TokenException lastFailure() {
		return Objects.requireNonNull(this.failure).copy();
	}

}
