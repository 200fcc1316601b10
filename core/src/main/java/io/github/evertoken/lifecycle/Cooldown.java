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
		return new Cooldown(failure, this.failures + 1, now + Math.max(backoff, retryAfter(failure)));
	}

	private static long retryAfter(TokenException failure) {
		if (failure instanceof TransientTokenException busy && busy.retryAfter() != null) {
			Duration retryAfter = busy.retryAfter();
			if (retryAfter.isNegative()) {
				return 0;
			}
			return ((retryAfter.compareTo(LONGEST_RETRY_AFTER) < 0) ? retryAfter : LONGEST_RETRY_AFTER).toMillis();
		}
		return 0;
	}

	boolean lasts(long now) {
		return now < this.end;
	}

	TokenException lastFailure() {
		return Objects.requireNonNull(this.failure).copy();
	}

}
