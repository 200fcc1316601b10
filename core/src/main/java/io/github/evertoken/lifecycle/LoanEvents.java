package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.lifecycle.Effect.Abandon;
import io.github.evertoken.lifecycle.Effect.Revoke;
import io.github.evertoken.lifecycle.Effect.SendOn;
import io.github.evertoken.lifecycle.Effect.SetTimer;
import io.github.evertoken.lifecycle.Effect.WriteStore;
import io.github.evertoken.lifecycle.Loan.Repayment;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a subject's own key because its refresh token is lent to a varied one.
 */
final class LoanEvents {

	private LoanEvents() {
	}

	/**
	 * A varied key asks for the refresh token. It is lent if no flight and no other loan
	 * has it, and if there is one.
	 *
	 * @param loan the loan
	 * @param stored whether there is a store, which may know more than the key
	 */
	record Lent(Loan loan, boolean stored) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			boolean unknown = this.stored && state.generation() == 0;
			if (CallerEvents.isGrounded(state, now) || (state.refreshToken() == null && !unknown)) {
				return Transition.stay(state);
			}
			return CallerEvents.withoutOverdue(state, state.with(state.conditions().withFlight(this.loan)),
					new SetTimer());
		}

	}

	/**
	 * The loan has ended. Callers of the key who have waited for its end look at the
	 * state anew.
	 *
	 * @param loan the loan
	 * @param repayment what it has brought for the key, {@code null} if nothing
	 * @param lostAnswer what the key has to find out by itself from now on, {@code null}
	 * if nothing
	 */
	record Returned(Loan loan, @Nullable Repayment repayment, @Nullable LostAnswer lostAnswer) implements KeyEvent {

		Returned(Loan loan, @Nullable Repayment repayment) {
			this(loan, repayment, null);
		}

		@Override
		public Transition on(KeyState state, Moment now) {
			boolean current = state.flight() == this.loan;
			if (this.repayment == null) {
				return current ? Transition.of(state, state.with(conditions(state)), new SetTimer(),
						new SendOn(this.loan, Ending.CANCELLED)) : FlightEvents.over(state, this.loan);
			}
			if (!current && !isLateButCurrent(state)) {
				return state.conditions().disowned().contains(this.loan) ? Transition.of(state,
						state.with(state.conditions().without(this.loan)), new Revoke(this.repayment.tokens()))
						: Transition.stay(state);
			}
			return repaid(state, this.repayment, now);
		}

		private Conditions conditions(KeyState state) {
			Conditions ended = state.conditions().withoutFlight(state.conditions().unsaved());
			return (this.lostAnswer != null) ? ended.after(this.lostAnswer) : ended;
		}

		private Transition repaid(KeyState state, Repayment repayment, Moment now) {
			boolean adopts = repayment.held() != null && state.conditions().suspect() == null;
			KeyState next = new KeyState(adopts ? repayment.held() : state.held(), repayment.refreshToken(),
					Math.max(state.generation(), repayment.version()),
					state.conditions()
						.answered()
						.withoutFlight(repayment.unsaved())
						.withSession(session(state, repayment, now)));
			List<Effect> effects = new ArrayList<>();
			effects.add(new SetTimer());
			if (repayment.unsaved() != null) {
				effects.add(new WriteStore(repayment.unsaved()));
			}
			Flight other = state.flight();
			if (other != null && other != this.loan) {
				effects.add(new Abandon(other));
				effects.add(new SendOn(other, Ending.CANCELLED));
			}
			effects.add(new SendOn(this.loan, Ending.CANCELLED));
			return new Transition(state, next, effects);
		}

		private static @Nullable Session session(KeyState state, Repayment repayment, Moment now) {
			return (repayment.refreshToken() != null)
					? Session.after(state.session(), state.refreshToken(), repayment.tokens(), now) : null;
		}

		/**
		 * The loan counts as none, and the refresh token that it has redeemed is still
		 * the one that the key has (LC-3).
		 */
		private boolean isLateButCurrent(KeyState state) {
			return this.loan.redeemed() != null && this.loan.redeemed().equals(state.refreshToken())
					&& !state.conditions().disowned().contains(this.loan);
		}

	}

}
