package io.github.evertoken.lifecycle;

import io.github.evertoken.AccessToken;
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
	 * @param place where, {@code null} if that is not known
	 * @return whether another token is to be expected
	 */
	boolean reject(HeldToken token, @Nullable Place place) {
		KeyState current = this.lifecycle.state();
		if (current.closed()) {
			return rejectAtSuccessor(token);
		}
		if (isSuspectThatServes(current, token)) {
			return false;
		}
		if (current.held() != token) {
			return !this.client.isClosed();
		}
		Moment now = this.lifecycle.now();
		long window = this.client.settings().rejectionWindow().toMillis();
		PlaceTrust.Verdict verdict = (place == null) ? PlaceTrust.Verdict.TOKEN
				: this.client.places().refused(place, this.lifecycle.key().withoutSubjectToken(), token, now, window);
		if (verdict == PlaceTrust.Verdict.PLACE) {
			this.client.events(this.lifecycle.key()).rejected(token, false);
			return false;
		}
		Transition transition = this.lifecycle.apply((state, moment) -> event(token, verdict, moment));
		if (transition.before().closed()) {
			return rejectAtSuccessor(token);
		}
		return transition.before().held() != token || !transition.next().rejections().barred();
	}

	private KeyEvent event(HeldToken token, PlaceTrust.Verdict verdict, Moment now) {
		return new CallerEvents.Rejected(token, verdict == PlaceTrust.Verdict.DOUBTFUL,
				this.client.condition()
					.failsAtOnce(this.lifecycle.key(), now, this.client.settings().maxWait().toMillis(), false) != null,
				this.client.settings(), this.lifecycle::prepare);
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
		return !this.client.isClosed();
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
