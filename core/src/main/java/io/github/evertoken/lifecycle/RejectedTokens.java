package io.github.evertoken.lifecycle;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenObserver.RejectionDecision;
import org.jspecify.annotations.Nullable;

/**
 * What is made of the tokens of one key that resource servers refuse.
 */
final class RejectedTokens {

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	RejectedTokens(TokenLifecycle lifecycle) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
	}

	/**
	 * A token was refused.
	 * @param refusal how, {@code null} if that is not known
	 * @return whether another token is to be expected
	 */
	boolean reject(HeldToken token, @Nullable Refusal refusal) {
		KeyState current = this.lifecycle.state();
		if (current.closed()) {
			return rejectAtSuccessor(token);
		}
		if (isSuspectThatServes(current, token)) {
			return decided(RejectionDecision.SUSPECT, refusal, false);
		}
		if (current.held() != token) {
			return decided(RejectionDecision.LATE, refusal, !this.client.isClosed());
		}
		Moment now = this.lifecycle.now();
		long window = this.client.settings().rejectionWindow().toMillis();
		PlaceTrust.Verdict verdict = (refusal == null) ? PlaceTrust.Verdict.TOKEN : this.client.places()
			.refused(refusal.place(), this.lifecycle.key().withoutSubjectToken(), token, now, window);
		if (verdict == PlaceTrust.Verdict.PLACE) {
			this.client.events(this.lifecycle.key()).rejected(token, refusal, false);
			return decided(RejectionDecision.PASSED, refusal, false);
		}
		Transition transition = this.lifecycle.apply((state, moment) -> event(token, verdict, refusal, moment));
		if (transition.before().closed()) {
			return rejectAtSuccessor(token);
		}
		if (transition.before().held() != token) {
			return decided(RejectionDecision.LATE, refusal, true);
		}
		boolean barred = transition.next().rejections().barred();
		return decided(barred ? RejectionDecision.BARRED : RejectionDecision.RENEWED, refusal, !barred);
	}

	private boolean decided(RejectionDecision decision, @Nullable Refusal refusal, boolean again) {
		this.client.observations().rejected(this.lifecycle.key(), decision, refusal);
		return again;
	}

	private Flight prepare(KeyState state, Trigger trigger, @Nullable Refusal refusal, Moment now) {
		Flight flight = this.lifecycle.prepare(state, trigger, now);
		if (refusal != null) {
			flight.startedBy(refusal.caller());
		}
		return flight;
	}

	private KeyEvent event(HeldToken token, PlaceTrust.Verdict verdict, @Nullable Refusal refusal, Moment now) {
		return new CallerEvents.Rejected(token, verdict == PlaceTrust.Verdict.DOUBTFUL,
				this.client.condition()
					.failsAtOnce(this.lifecycle.key(), now, this.client.settings().maxWait().toMillis(), false) != null,
				this.client.settings(), (state, trigger, moment) -> prepare(state, trigger, refusal, moment), refusal);
	}

	private static boolean isSuspectThatServes(KeyState state, HeldToken token) {
		HeldToken held = state.held();
		return held != null && state.servesSuspect() && held.equals(token);
	}

	/**
	 * A token was refused that was handed out without its {@link HeldToken}.
	 */
	boolean reject(AccessToken token) {
		KeyState current = this.lifecycle.state();
		HeldToken held = current.held();
		if (held != null && held.equals(token)) {
			return reject(held, null);
		}
		this.lifecycle.happens(new CallerEvents.RejectedBefore(token));
		return decided(RejectionDecision.LATE, null, !this.client.isClosed());
	}

	/**
	 * The key was evicted meanwhile: the refusal counts for the life-cycle that it has
	 * now, which may know the same token out of a store (LC-14).
	 */
	private boolean rejectAtSuccessor(AccessToken token) {
		return !this.client.isClosed()
				&& this.client.keys().step(this.lifecycle, (successor) -> new RejectedTokens(successor).reject(token));
	}

}
