package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.Effect.SendOn;
import io.github.evertoken.lifecycle.Effect.SetTimer;

/**
 * What a flight does while it is another replica's turn. One that somebody waits for
 * looks again and again, until there is a newer token set, or it is its own turn; what
 * the store says meanwhile is a hint, by which it looks at once. One that nobody waits
 * for ends, and the key looks again later.
 */
final class OthersTurn {

	/**
	 * The bounds of the pauses between two looks, in milliseconds, while somebody waits.
	 */
	private static final Pauses AWAITED = new Pauses(50, 1000);

	private static final Pauses UNAWAITED = new Pauses(1000, 10_000);

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	OthersTurn(TokenLifecycle lifecycle) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
	}

	/**
	 * Tell whether an attempt has found that it is not its turn, which is no failure, and
	 * have its flight wait.
	 */
	boolean isAwaited(Attempt attempt, TokenException failure) {
		HeldElsewhere held = HeldElsewhere.in(failure);
		if (held != null) {
			this.client.runway().leave(attempt);
			await(attempt.flight(), held);
		}
		return held != null;
	}

	private void await(Flight flight, HeldElsewhere held) {
		flight.giveBack(null);
		flight.uncountAttempt();
		int waits = flight.waits();
		double luck = this.client.resources().random().getAsDouble();
		Moment now = this.lifecycle.now();
		if (!this.lifecycle.isUnderway(flight)) {
			new Outcomes(this.lifecycle).dropped(flight);
		}
		else if (!flight.isAwaited() && !held.isCertain()) {
			int turns = this.lifecycle.state().cooldown().othersTurns();
			this.lifecycle.happens(new Yielded(flight, now.after(UNAWAITED.next(turns, held, luck))));
		}
		else {
			long pause = AWAITED.next(waits, held, luck);
			// Its clock heals the key, should nothing else wake it (LC-1).
			flight.pauses(now.after(pause));
			this.client.resources().timer().after(pause, () -> again(flight));
		}
	}

	private void again(Flight flight) {
		try {
			flight.looksAgain();
			if (this.lifecycle.isUnderway(flight)) {
				this.client.runway().enter(new Attempt(flight));
			}
			else {
				new Outcomes(this.lifecycle).dropped(flight);
			}
		}
		catch (Throwable ex) {
			this.lifecycle.happens(new FlightEvents.Failed(flight,
					new TransientTokenException(flight.key(), "it cannot wait for another replica: " + ex, ex), true,
					false, Long.MIN_VALUE, null));
		}
	}

	/**
	 * Another replica asks the issuer, and nobody waits here.
	 *
	 * @param flight the flight
	 * @param lookAgainAt when it is looked again what has come of it, by the monotonic
	 * clock, unless somebody needs a token before
	 */
	record Yielded(Flight flight, long lookAgainAt) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.flight() != this.flight) {
				return FlightEvents.over(state, this.flight);
			}
			Conditions conditions = state.conditions()
				.withFlight(null)
				.withCooldown(state.cooldown().untilOthersAreDone(this.lookAgainAt));
			KeyState next = new KeyState(state.held(), this.flight.refreshToken(), this.flight.learnt(state),
					conditions);
			Transition transition = FlightEvents.withoutReplacement(state, next, now, new SetTimer());
			return FlightEvents.withWakeUp(transition, this.flight, Ending.CANCELLED,
					new SendOn(this.flight, Ending.CANCELLED));
		}

	}

	/**
	 * How long nothing is looked at: the longer it has taken, the longer; but when a turn
	 * is over, it is looked whose the next one is.
	 *
	 * @param first the bound of the first pause
	 * @param longest the bound of any
	 */
	private record Pauses(long first, long longest) {

		private static final int MOST_DOUBLINGS = 10;

		long next(int looks, HeldElsewhere held, double luck) {
			long latest = Math.max(held.remaining(), 0);
			if (held.isCertain()) {
				return latest + (long) Math.ceil(luck * this.first);
			}
			long bound = Math.min(this.longest, this.first << Math.min(looks, MOST_DOUBLINGS));
			return (long) Math.ceil((0.5 + luck / 2) * Math.min(bound, latest + this.first));
		}

	}

}
