package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.Effect.Abandon;
import io.github.evertoken.lifecycle.Effect.Fail;
import io.github.evertoken.lifecycle.Effect.Publish;
import io.github.evertoken.lifecycle.Effect.Revoke;
import io.github.evertoken.lifecycle.Effect.SendOn;
import io.github.evertoken.lifecycle.Effect.Serve;
import io.github.evertoken.lifecycle.Effect.SetTimer;
import io.github.evertoken.lifecycle.Effect.StartFlight;
import io.github.evertoken.lifecycle.Effect.Tell;
import io.github.evertoken.lifecycle.Effect.Wake;
import io.github.evertoken.lifecycle.Effect.WriteStore;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a key because of its flight. A flight counts only while it is the one
 * in the state: put, remove and close take it out, and so does its deadline.
 */
final class FlightEvents {

	private FlightEvents() {
	}

	/**
	 * The flight has ended without a token: who was disowned is forgotten.
	 */
	static Transition over(KeyState state, Flight flight) {
		return state.conditions().disowned().contains(flight)
				? Transition.of(state, state.with(state.conditions().without(flight))) : Transition.stay(state);
	}

	/**
	 * No replacement for a suspect is to be had for now. It serves again if it has been
	 * accepted before (LC-5), and is let go of otherwise.
	 */
	static Transition withoutReplacement(KeyState state, KeyState next, Moment now, Effect... effects) {
		HeldToken suspect = next.conditions().suspect();
		if (suspect == null || next.held() != null) {
			return Transition.of(state, next, effects);
		}
		if (!suspect.wasAccepted() || !suspect.isUsable(now)) {
			return Transition.of(state, next.with(next.conditions().withSuspect(null)), effects);
		}
		HeldToken serving = suspect.due();
		List<Effect> all = new ArrayList<>(List.of(effects));
		all.add(new Publish("SuspectServed", (events) -> events.suspectServed(serving)));
		return new Transition(state,
				new KeyState(serving, next.refreshToken(), next.generation(), next.conditions().withSuspect(serving)),
				all);
	}

	private static Publish failed(KeyState state, Moment now, Consumer<LifecycleEvents> story) {
		return new Publish(state.servesOn(now) ? "RenewalFailed" : "IssueFailed", story);
	}

	/**
	 * Wake those who waited for a flight that has failed: with the suspect, if it serves
	 * again.
	 * @param told whether they are told of the failure otherwise. Who has begun to wait
	 * in the very moment is not
	 */
	private static Transition withWakeUp(Transition transition, Flight flight, TokenException failure, boolean told) {
		Ending ending = Ending.of(failure);
		return withWakeUp(transition, flight, ending,
				told ? new Fail(flight, failure, ending) : new SendOn(flight, ending));
	}

	static Transition withWakeUp(Transition transition, Flight flight, Ending ending, Effect otherwise) {
		List<Effect> effects = new ArrayList<>(transition.effects());
		HeldToken held = transition.next().held();
		boolean served = held != null && transition.next().servesSuspect();
		effects.add((held != null && served) ? new Wake(flight, held, ending) : otherwise);
		return new Transition(transition.before(), transition.next(), effects);
	}

	/**
	 * The flight has brought a token set.
	 *
	 * @param flight the flight
	 * @param held its access token
	 * @param tokens the whole set
	 * @param generation the version that the store has of the key with it
	 * @param unsaved what the store is still to be told of it, {@code null} if it knows
	 */
	record Landed(Flight flight, HeldToken held, TokenSet tokens, long generation,
			@Nullable Unsaved unsaved) implements KeyEvent {

		Landed(Flight flight, HeldToken held, TokenSet tokens, @Nullable Unsaved unsaved) {
			this(flight, held, tokens, held.generation(), unsaved);
		}

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.flight() != this.flight && !isLateButCurrent(state)) {
				return state.conditions().disowned().contains(this.flight) ? Transition.of(state,
						state.with(state.conditions().without(this.flight)), new Revoke(this.tokens))
						: Transition.stay(state);
			}
			KeyState next = new KeyState(this.held, this.tokens.refreshToken(), this.generation,
					state.conditions()
						.renewed(this.unsaved)
						.withSession(Session.after(state.session(), state.refreshToken(), this.tokens, now)));
			List<Effect> effects = new ArrayList<>();
			effects.add(new SetTimer());
			effects.add(new Publish("Landed", (events) -> events.landed(this.flight, state, this.held)));
			if (this.unsaved != null) {
				effects.add(new WriteStore(this.unsaved));
			}
			if (state.flight() != null && state.flight() != this.flight) {
				effects.add(new Abandon(state.flight()));
				effects.add(new Wake(state.flight(), this.held, Ending.CANCELLED));
			}
			effects.add(new Wake(this.flight, this.held, Ending.LANDED));
			return new Transition(state, next, effects);
		}

		/**
		 * The flight is past its deadline, and the refresh token that it has redeemed is
		 * still the one that the key has: what it brings is the only good set (LC-3).
		 */
		private boolean isLateButCurrent(KeyState state) {
			return this.flight.redeemed() != null && this.flight.redeemed().equals(state.refreshToken())
					&& !state.conditions().disowned().contains(this.flight);
		}

	}

	/**
	 * An attempt has failed, and another one may succeed.
	 *
	 * @param flight the flight
	 * @param failure why
	 * @param awaited whether somebody waits for the flight
	 * @param goesOn whether another attempt is to be made, because it comes in time for
	 * those who wait
	 * @param nextAttempt when, or when the next flight may start, by the monotonic clock
	 * @param cooldown the key's own cooldown, {@code null} if the trouble is the issuer's
	 */
	record Failed(Flight flight, TokenException failure, boolean awaited, boolean goesOn, long nextAttempt,
			@Nullable Cooldown cooldown) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.flight() != this.flight) {
				return over(state, this.flight);
			}
			Conditions conditions = state.conditions().after(this.flight.lostAnswer());
			if (this.cooldown != null) {
				conditions = conditions.withCooldown(this.cooldown);
			}
			if (this.goesOn) {
				return goOn(state, state.with(conditions), now);
			}
			KeyState next = new KeyState(state.held(), this.flight.refreshToken(), this.flight.learnt(state),
					conditions.withFlight(null));
			Transition transition = withoutReplacement(state, next, now, new SetTimer(),
					failed(state, now, (events) -> events.failed(this.flight, state, this.failure, this.nextAttempt)));
			return withWakeUp(transition, this.flight, this.failure, this.awaited);
		}

		/**
		 * Nobody has to wait for the next attempt if there is a suspect that can serve.
		 */
		private Transition goOn(KeyState state, KeyState next, Moment now) {
			StartFlight again = new StartFlight(this.flight, this.nextAttempt);
			Transition served = withoutReplacement(state, next, now);
			HeldToken serving = served.next().held();
			return (serving == null || !served.next().servesSuspect() || state.servesSuspect())
					? Transition.of(state, next, again) : Transition.of(state, served.next(), again,
							served.effects().get(0), new Serve(this.flight, serving));
		}

	}

	/**
	 * The issuer refuses the client or its request, and only somebody who changes the one
	 * or the other can help.
	 *
	 * @param flight the flight
	 * @param failure why
	 * @param cooldown the time until the next flight
	 */
	record Refused(Flight flight, TokenException failure, Cooldown cooldown) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.flight() != this.flight) {
				return over(state, this.flight);
			}
			KeyState next = new KeyState(state.held(), this.flight.refreshToken(), this.flight.learnt(state),
					state.conditions().withFlight(null).withCooldown(this.cooldown));
			Transition transition = withoutReplacement(state, next, now, new SetTimer(), failed(state, now,
					(events) -> events.failed(this.flight, state, this.failure, this.cooldown.end())));
			return withWakeUp(transition, this.flight, this.failure, true);
		}

	}

	/**
	 * The last usable grant was refused: somebody must log in again. A token that is
	 * still held serves until it expires or is rejected.
	 *
	 * @param flight the flight
	 * @param reason why
	 */
	record Reauthentication(Flight flight, ReauthenticationRequiredException reason) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.flight() != this.flight) {
				return over(state, this.flight);
			}
			HeldToken held = state.servesSuspect() ? null : state.held();
			KeyState next = new KeyState(held, null, this.flight.learnt(state),
					state.conditions().signedOut(this.reason));
			return Transition.of(state, next, new SetTimer(),
					new Publish("ReauthenticationRequired",
							(events) -> events.signedOut(this.flight, state, this.reason)),
					new Fail(this.flight, this.reason));
		}

	}

	/**
	 * The issuer has not answered in time, and a refresh token is on its way to it: those
	 * who wait are told, and the flight goes on, for what it brings may be the only good
	 * set (LC-3).
	 *
	 * @param flight the flight
	 * @param failure what its waiters are told
	 */
	record Late(Flight flight, TokenException failure) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.flight() != this.flight) {
				return Transition.stay(state);
			}
			Tell told = new Tell(this.flight, this.failure);
			Transition served = withoutReplacement(state, state, now);
			HeldToken serving = served.next().held();
			return (serving != null && served.next().servesSuspect() && served.changes()) ? Transition.of(state,
					served.next(), served.effects().get(0), new Serve(this.flight, serving), told)
					: Transition.of(state, state, told);
		}

	}

	/**
	 * The flight should have ended: it counts as none from now on.
	 *
	 * @param flight the flight
	 * @param failure what its waiters are told
	 * @param nextAttempt when the next flight may start, by the monotonic clock
	 */
	record Deadline(Flight flight, TokenException failure, long nextAttempt) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			if (state.flight() != this.flight) {
				return over(state, this.flight);
			}
			Transition failed = new Failed(this.flight, this.failure, true, false, this.nextAttempt, null).on(state,
					now);
			List<Effect> effects = new ArrayList<>(failed.effects());
			effects.add(0, new Abandon(this.flight));
			return new Transition(state, failed.next(), effects);
		}

	}

	/**
	 * The store knows now what it was still to be told.
	 *
	 * @param unsaved what it was told
	 * @param generation the version that it has given it
	 */
	record Saved(Unsaved unsaved, long generation) implements KeyEvent {

		@Override
		public Transition on(KeyState state, Moment now) {
			return (state.conditions().unsaved() != this.unsaved) ? Transition.stay(state)
					: Transition.of(state, new KeyState(state.held(), state.refreshToken(), this.generation,
							state.conditions().withUnsaved(null)));
		}

	}

}
