package io.github.evertoken.lifecycle;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.Effect.Abandon;
import io.github.evertoken.lifecycle.Effect.Publish;
import io.github.evertoken.lifecycle.Effect.SendOn;
import io.github.evertoken.lifecycle.Effect.SetTimer;
import io.github.evertoken.lifecycle.Effect.StartFlight;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a key because of its callers, and of the time that passes.
 */
final class CallerEvents {

	private CallerEvents() {
	}

	/**
	 * Prepares a flight, without a side effect.
	 */
	interface FlightPlan {

		Flight prepare(KeyState state, Trigger trigger, Moment now);

	}

	/**
	 * Whether a flight may start at all.
	 */
	static boolean isGrounded(KeyState state, Moment now) {
		return state.flight(now) != null || state.signedOut() != null;
	}

	static Transition start(KeyState state, KeyState next, Flight flight, Effect... others) {
		Effect[] effects = new Effect[others.length + 2];
		System.arraycopy(others, 0, effects, 0, others.length);
		effects[others.length] = new StartFlight(flight, Long.MIN_VALUE);
		effects[others.length + 1] = new SetTimer();
		return withoutOverdue(state, next.with(next.conditions().withFlight(flight)), effects);
	}

	/**
	 * Who waits for a flight that should have ended goes on with the next one.
	 */
	static Transition withoutOverdue(KeyState state, KeyState next, Effect... effects) {
		Flight overdue = state.flight();
		if (overdue == null) {
			return Transition.of(state, next, effects);
		}
		Effect[] all = new Effect[effects.length + 2];
		all[0] = new Abandon(overdue);
		System.arraycopy(effects, 0, all, 1, effects.length);
		all[effects.length + 1] = new SendOn(overdue,
				Ending.of(new TransientTokenException(overdue.key(), "the flight has not ended in its time", null)));
		return Transition.of(state, next, all);
	}

	/**
	 * A caller needs a token, and none is usable, or another one than the one that is
	 * held.
	 *
	 * @param trigger why
	 * @param insteadOf the token that does not do, {@code null} if any does
	 * @param barred whether the issuer is not to be asked for a caller now
	 * @param plan prepares the flight
	 */
	record Use(Trigger trigger, @Nullable HeldToken insteadOf, boolean barred, FlightPlan plan) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			boolean served = state.holdsUsable(now) && state.held() != this.insteadOf;
			if (served || this.barred || isGrounded(state, now) || state.cooldown().keepsCallers(now)) {
				return Transition.stay(state);
			}
			return start(state, state, this.plan.prepare(state, this.trigger, now));
		}

	}

	/**
	 * The renewal time has come, or a lease needs a token that lasts longer, or the
	 * answer to the last refresh was lost.
	 *
	 * @param wanted whether a lease needs another token
	 * @param barred whether the issuer is not to be asked in the background now
	 * @param plan prepares the flight
	 */
	record RenewalTime(boolean wanted, boolean barred, FlightPlan plan) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			HeldToken held = state.held();
			boolean needed = held == null || !held.isFresh(now) || this.wanted || state.conditions().isUnanswered(now);
			if (!needed || this.barred || isGrounded(state, now) || state.cooldown().lasts(now)) {
				return Transition.stay(state);
			}
			return start(state, state, this.plan.prepare(state, Trigger.RENEWAL_TIME, now));
		}

	}

	/**
	 * A resource server has refused a token.
	 *
	 * @param token the token that was sent
	 * @param doubtful whether it may be the place that refuses every token: others accept
	 * this one
	 * @param barred whether the issuer is not to be asked for a caller now
	 * @param settings how many renewals rejections may cost
	 * @param plan prepares the flight
	 * @param refusal how it was refused, {@code null} if that is not known
	 */
	record Rejected(HeldToken token, boolean doubtful, boolean barred, ClientSettings settings, FlightPlan plan,
			@Nullable Refusal refusal) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.held() != this.token || state.servesSuspect()) {
				return Transition.stay(state);
			}
			Rejections rejections = state.rejections().with(this.token, now, this.settings);
			if (rejections.barred()) {
				return (rejections == state.rejections()) ? Transition.stay(state)
						: Transition.of(state, state.with(state.conditions().withRejections(rejections)), told(false));
			}
			Conditions conditions = state.conditions().withRejections(rejections);
			if (this.doubtful) {
				return replaced(state, state.with(conditions), now);
			}
			if (state.signedOut() != null) {
				return Transition.of(state, state.outOfUse(conditions), told(true), new SetTimer());
			}
			return replaced(state, state.outOfUse(conditions.withSuspect(this.token)), now);
		}

		private Transition replaced(KeyState state, KeyState next, Moment now) {
			if (isGrounded(state, now)) {
				return Transition.of(state, next, told(true), new SetTimer());
			}
			if (this.barred || state.cooldown().keepsCallers(now)) {
				return FlightEvents.withoutReplacement(state, next, now, told(true), new SetTimer());
			}
			return start(state, next, this.plan.prepare(next, Trigger.REJECTION, now), told(true));
		}

		private Effect told(boolean renewing) {
			return new Publish("Rejected", (events) -> events.rejected(this.token, this.refusal, renewing));
		}

	}

	/**
	 * The end of the session comes near, and nothing on its way may put it off.
	 *
	 * @param session the session
	 */
	record SessionEnds(Session session) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			Conditions conditions = state.conditions();
			if (state.session() != this.session || this.session.told()) {
				return Transition.stay(state);
			}
			return Transition.of(state, state.with(conditions.withSession(this.session.afterTelling())),
					new Publish("SessionEnding", (events) -> events.sessionEnding(state, this.session)));
		}

	}

	/**
	 * A resource server has refused a token that this key does not know, because its
	 * life-cycle has just begun: the store may know it, and is not to bring it back.
	 */
	record RejectedBefore(AccessToken token) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.held() != null || state.generation() != 0 || state.conditions().suspect() != null) {
				return Transition.stay(state);
			}
			return Transition.of(state, state.with(state.conditions().withRejected(this.token)));
		}

	}

}
