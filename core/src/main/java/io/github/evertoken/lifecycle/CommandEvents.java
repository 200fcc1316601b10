package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.Effect.BeginVariedAnew;
import io.github.evertoken.lifecycle.Effect.Cancel;
import io.github.evertoken.lifecycle.Effect.Fail;
import io.github.evertoken.lifecycle.Effect.Publish;
import io.github.evertoken.lifecycle.Effect.SendOn;
import io.github.evertoken.lifecycle.Effect.SetTimer;
import io.github.evertoken.lifecycle.Effect.Wake;
import io.github.evertoken.lifecycle.Effect.WakeSignIns;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a key because somebody says so: the application, another process that
 * shares the store, or whoever keeps the keys.
 */
final class CommandEvents {

	private CommandEvents() {
	}

	/**
	 * A token set was put in, and rests in the store. A running flight is left to itself:
	 * what it brings belongs to the token set that was replaced.
	 *
	 * @param held its access token, {@code null} if it has a refresh token alone
	 * @param refreshToken its refresh token, {@code null} if it has none
	 * @param generation its version in the store, or one more than the key had
	 * @param session the life of the refresh token, {@code null} if its end is not known
	 */
	record Put(@Nullable HeldToken held, @Nullable String refreshToken, long generation,
			@Nullable Session session) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (this.generation <= state.version()) {
				// A flight, or whoever has looked at the store, was faster: the key has
				// learnt of the token set already, as of one that somebody else has
				// written. That it was put in is told to those who borrow from it.
				return Transition.of(state, state, new BeginVariedAnew(false, false));
			}
			HeldToken held = this.held;
			List<Effect> news = (held != null) ? List.of(new Publish("Issued", (events) -> events.put(held)))
					: List.of();
			return replace(state, held, this.refreshToken, this.generation, this.session, now, news, true);
		}

		/**
		 * Never the tokens.
		 */
		@Override
		public String toString() {
			return "Put[generation=" + this.generation + "]";
		}

	}

	/**
	 * Another token set, which is newer, takes the place of what the key holds. The
	 * generation of a set that the store does not know yet is a guess, which says
	 * nothing: what the store is known to have does.
	 */
	private static Transition replace(KeyState state, @Nullable HeldToken held, @Nullable String refreshToken,
			long generation, @Nullable Session session, Moment now, List<Effect> news, boolean anew) {
		KeyState next = new KeyState(held, refreshToken, generation,
				state.conditions().begunAnew().withSession(session));
		List<Effect> effects = new ArrayList<>(news);
		effects.add(new SetTimer());
		if (anew) {
			effects.add(new BeginVariedAnew(false, false));
		}
		effects.add(new WakeSignIns());
		Flight flight = state.flight();
		if (flight != null) {
			effects.add((held != null && held.isUsable(now)) ? new Wake(flight, held, Ending.CANCELLED)
					: new SendOn(flight, Ending.CANCELLED));
		}
		return new Transition(state, next, effects);
	}

	/**
	 * The key was signed out by the application, and the store has forgotten it.
	 *
	 * @param generation the version that the store has now, 0 if it keeps none
	 * @param revoked whether what is on its way is to be revoked when it comes
	 */
	record Removed(long generation, boolean revoked) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (this.generation != 0 && this.generation < state.version()) {
				// Another session has begun since. What was lent belonged to the old one.
				return Transition.of(state, state, new BeginVariedAnew(false, false));
			}
			Conditions conditions = this.revoked ? state.conditions().disowning() : state.conditions();
			KeyState next = new KeyState(null, null, Math.max(this.generation, state.generation()),
					conditions.begunAnew());
			List<Effect> effects = new ArrayList<>();
			effects.add(new Publish("Removed", (events) -> events.removed(state)));
			effects.add(new SetTimer());
			effects.add(new BeginVariedAnew(true, this.revoked));
			effects.add(new WakeSignIns());
			Flight flight = state.flight();
			if (flight != null) {
				effects.add(new Fail(flight,
						new TransientTokenException(flight.key(), "it was removed while it was being obtained", null),
						Ending.CANCELLED));
			}
			return new Transition(state, next, effects);
		}

	}

	/**
	 * The store has another version than the key: somebody else has written it.
	 *
	 * @param held the access token of the set, {@code null} if it has none that can be
	 * used, or was removed
	 * @param refreshToken the refresh token of the set, {@code null} if it has none, or
	 * was removed
	 * @param generation the version
	 * @param session the life of the refresh token, {@code null} if its end is not known
	 */
	record ChangedElsewhere(@Nullable HeldToken held, @Nullable String refreshToken, long generation,
			@Nullable Session session) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (this.generation <= state.version()) {
				return Transition.stay(state);
			}
			boolean removed = this.held == null && this.refreshToken == null;
			return replace(state, this.held, this.refreshToken, this.generation, this.session, now, List.of(),
					removed || state.signedOut() != null);
		}

		/**
		 * Never the tokens.
		 */
		@Override
		public String toString() {
			return "ChangedElsewhere[generation=" + this.generation + "]";
		}

	}

	/**
	 * The key whose refresh token this one borrows has another token set, or none any
	 * more. A key with a refresh token of its own stays as it is.
	 *
	 * @param removed whether that key was signed out by the application
	 * @param revoked whether what is on its way is to be revoked when it comes
	 */
	record BegunAnew(boolean removed, boolean revoked) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			Flight flight = state.flight();
			boolean nothing = !state.holdsAny() && flight == null && state.signedOut() == null;
			if (state.refreshToken() != null || nothing) {
				return Transition.stay(state);
			}
			List<Effect> effects = new ArrayList<>();
			if (this.removed) {
				effects.add(new Publish("Removed", (events) -> events.removed(state)));
			}
			effects.add(new SetTimer());
			effects.add(new WakeSignIns());
			if (flight != null) {
				effects.add(this.removed ? new Fail(flight,
						new TransientTokenException(flight.key(),
								"its subject was signed out while it was being obtained", null),
						Ending.CANCELLED) : new SendOn(flight, Ending.CANCELLED));
			}
			Conditions conditions = this.revoked ? state.conditions().disowning() : state.conditions();
			return new Transition(state, new KeyState(null, null, state.generation(), conditions.begunAnew()), effects);
		}

	}

	/**
	 * The key is to be forgotten, because it has been idle, or because there are too
	 * many.
	 *
	 * @param leased whether a lease is open
	 */
	record Evicted(boolean leased) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			Conditions conditions = state.conditions();
			boolean busy = conditions.flight() != null || conditions.unsaved() != null
					|| !conditions.disowned().isEmpty() || conditions.isUnanswered(now);
			return (busy || this.leased) ? Transition.stay(state)
					: Transition.of(state, KeyState.CLOSED, new SetTimer());
		}

	}

	/**
	 * Somebody wants another token at once, though the one that is held may work: it
	 * serves until the other one has come.
	 *
	 * @param barred whether the issuer is to be left alone now
	 * @param plan prepares the flight
	 */
	record RenewNow(boolean barred, CallerEvents.FlightPlan plan) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (this.barred || CallerEvents.isGrounded(state, now) || state.cooldown().lasts(now)) {
				return Transition.stay(state);
			}
			return CallerEvents.start(state, state, this.plan.prepare(state, Trigger.ON_DEMAND, now));
		}

	}

	/**
	 * A lease was opened: nothing changes but that this is another state, so that an
	 * eviction that has not seen the lease fails.
	 */
	record Leased() implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			return Transition.of(state, state.with(state.conditions()), new SetTimer());
		}

	}

	/**
	 * The manager is closed.
	 *
	 * @param failure what those who wait are told
	 */
	record Closed(TransientTokenException failure) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			Flight flight = state.flight();
			return (flight == null) ? Transition.of(state, KeyState.CLOSED, new SetTimer())
					: Transition.of(state, KeyState.CLOSED, new Cancel(flight), new SetTimer(),
							new Fail(flight, this.failure, Ending.CANCELLED));
		}

	}

}
