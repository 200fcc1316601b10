package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenException;
import org.jspecify.annotations.Nullable;

/**
 * The time after a failed flight in which no new one may start, because of trouble that
 * is this key's own: a refused request, a store that cannot be read. That of the issuer
 * is told by {@link IssuerCondition} for all keys.
 *
 * @param failure why the last flight failed, {@code null} if it did not
 * @param failures how many flights have failed in a row; without a failure, how many have
 * found that it is another replica's turn
 * @param end the time from which a flight may start, by the monotonic clock
 * @param patientUntil until when callers wait through failing attempts, by the monotonic
 * clock; {@link Long#MIN_VALUE} if none has had to wait yet
 */
record Cooldown(@Nullable TokenException failure, int failures, long end, long patientUntil) {

	static final Cooldown NONE = new Cooldown(null, 0, Long.MIN_VALUE, Long.MIN_VALUE);

	/**
	 * The cooldown after one more failure.
	 * @param awaited whether somebody waits for the flight, so that patience begins
	 */
	Cooldown after(TokenException failure, boolean awaited, Moment now, Backoff backoff, double luck) {
		long patientUntil = (awaited && this.patientUntil == Long.MIN_VALUE) ? now.after(backoff.patience())
				: this.patientUntil;
		long pause = (now.mono() < patientUntil) ? backoff.shortPause(this.failures, luck)
				: backoff.pause(this.failures, luck);
		return new Cooldown(failure, this.failures + 1, now.after(Math.max(pause, Backoff.retryAfter(failure))),
				patientUntil);
	}

	/**
	 * The cooldown after a refusal, which no patience helps against.
	 */
	Cooldown afterRefusal(TokenException failure, Moment now, Backoff backoff, double luck) {
		return new Cooldown(failure, this.failures + 1, now.after(backoff.pause(this.failures, luck)), now.mono());
	}

	/**
	 * The time after which a renewal looks again what another replica has done, which is
	 * no failure.
	 */
	Cooldown untilOthersAreDone(long end) {
		return new Cooldown(null, othersTurns() + 1, end, Long.MIN_VALUE);
	}

	/**
	 * Return how often in a row it was another replica's turn.
	 */
	int othersTurns() {
		return (this.failure == null) ? this.failures : 0;
	}

	/**
	 * Whether whoever waits is to go on waiting for the next attempt.
	 */
	boolean isPatient() {
		return this.end < this.patientUntil;
	}

	/**
	 * Whether no flight may start for a caller who has no token: the backoff of flights
	 * for which nobody waited is none of a caller's business.
	 */
	boolean keepsCallers(Moment now) {
		return lasts(now) && this.patientUntil != Long.MIN_VALUE;
	}

	boolean lasts(Moment now) {
		return now.mono() < this.end;
	}

}
