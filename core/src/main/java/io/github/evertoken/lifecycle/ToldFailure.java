package io.github.evertoken.lifecycle;

import java.time.Duration;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedFailure.Kind;

/**
 * What the other replicas are told of a failure: what it was, and for how long it is of
 * no use to ask.
 */
final class ToldFailure {

	private static final int LONGEST_REASON = 200;

	/**
	 * The others are told of a little less than the pause: whoever has failed is about to
	 * ask again, and does not meet the end of its own.
	 */
	private static final double SHARE = 0.9;

	private ToldFailure() {
	}

	/**
	 * Describe a failure.
	 * @param pause for how long nobody is to ask, in milliseconds
	 */
	static SharedFailure of(TokenException failure, long pause) {
		String reason = failure.reason();
		return SharedFailure.of(kind(failure),
				(reason.length() > LONGEST_REASON) ? reason.substring(0, LONGEST_REASON) : reason, failure.error(),
				Duration.ofMillis(pause));
	}

	/**
	 * Describe a failure with the pause of the key that has been decided here.
	 * @param least the shortest pause, in milliseconds
	 */
	static SharedFailure ofKey(TokenLifecycle lifecycle, TokenException failure, long least) {
		IssuerCondition condition = lifecycle.client().condition();
		Cooldown cooldown = lifecycle.state().cooldown();
		Moment now = lifecycle.now();
		long end = Math.max(cooldown.end(), condition.restsUntil());
		return of(failure, Math.max(least, share(end, now)))
			.withAwaited(cooldown.keepsCallers(now) || condition.keepsCallersUntil() >= end);
	}

	/**
	 * Describe a failure with the pause of the issuer that has been decided here.
	 */
	static SharedFailure ofIssuer(IssuerCondition condition, TokenException failure, Moment now) {
		long end = condition.restsUntil();
		return of(failure, share(end, now)).withAwaited(condition.keepsCallersUntil() >= end);
	}

	private static long share(long end, Moment now) {
		return (end > now.mono()) ? (long) (SHARE * (end - now.mono())) : 0;
	}

	private static Kind kind(TokenException failure) {
		if (failure instanceof ReauthenticationRequiredException) {
			return Kind.REAUTHENTICATION;
		}
		return (failure instanceof TokenRefusedException) ? Kind.REFUSED : Kind.TRANSIENT;
	}

}
