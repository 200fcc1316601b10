package io.github.evertoken.lifecycle;

import java.time.Duration;

import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

/**
 * How long to pause between attempts that fail, in milliseconds.
 *
 * @param initial the bound of the first pause
 * @param max the bound of every pause
 * @param patience how long callers wait through failing attempts
 */
record Backoff(long initial, long max, long patience) {

	private static final long LONGEST_RETRY_AFTER = Duration.ofMinutes(5).toMillis();

	private static final long FIRST_SHORT_PAUSE = 50;

	private static final int MOST_DOUBLINGS = 30;

	/**
	 * Return the pause while nobody waits, or nobody is left to wait: U(0, initial ×
	 * 2<sup>failures</sup>), capped at the maximum ("full jitter").
	 */
	long pause(int failures, double luck) {
		return (long) Math.ceil(luck * Math.min(this.max, doubled(this.initial, failures)));
	}

	/**
	 * Return the pause while somebody waits: 50 ms, doubled with each failure, of which
	 * the second half is random.
	 */
	long shortPause(int failures, double luck) {
		return (long) Math.ceil((0.5 + luck / 2) * Math.min(this.max, doubled(FIRST_SHORT_PAUSE, failures)));
	}

	private static double doubled(long first, int times) {
		return first * (double) (1L << Math.min(times, MOST_DOUBLINGS));
	}

	/**
	 * Return for how many milliseconds the issuer asks to be left alone, up to 5 minutes,
	 * 0 if it does not ask.
	 */
	static long retryAfter(Throwable failure) {
		Duration asked = asked(failure);
		return (asked != null && !asked.isNegative()) ? Math.min(LONGEST_RETRY_AFTER, ClientSettings.millis(asked)) : 0;
	}

	/**
	 * Tell whether the issuer asks to be left alone for a while.
	 */
	static boolean asksForPause(Throwable failure) {
		return asked(failure) != null;
	}

	private static @Nullable Duration asked(Throwable failure) {
		return (failure instanceof TransientTokenException busy) ? busy.retryAfter() : null;
	}

}
