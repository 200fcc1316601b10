package io.github.evertoken.lifecycle;

import java.util.function.Consumer;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenSet;

/**
 * What is to be done about an event, after the next state is in place. One that throws
 * keeps none of the others from being done.
 */
sealed interface Effect {

	/**
	 * Start an attempt of a flight, as soon as its issuer lets it.
	 *
	 * @param notBefore when at the earliest, by the monotonic clock
	 */
	record StartFlight(Flight flight, long notBefore) implements Effect {
	}

	/**
	 * Let go of a flight that has left the state: its call is cancelled, unless a refresh
	 * token is on its way with it.
	 */
	record Abandon(Flight flight) implements Effect {
	}

	/**
	 * Cancel a flight, whatever is on its way with it.
	 */
	record Cancel(Flight flight) implements Effect {
	}

	/**
	 * Set the timer of the key anew.
	 */
	record SetTimer() implements Effect {
	}

	/**
	 * Tell of it.
	 */
	record Publish(String name, Consumer<LifecycleEvents> story) implements Effect {

		@Override
		public String toString() {
			return "Publish[" + this.name + "]";
		}

	}

	/**
	 * Write to the store what it is still to be told.
	 */
	record WriteStore(Unsaved unsaved) implements Effect {
	}

	/**
	 * Revoke a token set that nobody is to have.
	 */
	record Revoke(TokenSet tokens) implements Effect {

		/**
		 * Never the tokens.
		 */
		@Override
		public String toString() {
			return "Revoke";
		}

	}

	/**
	 * Have the subject's varied keys begin anew, which borrow this key's refresh token.
	 *
	 * @param removed whether it was removed, and nothing else put in
	 * @param revoked whether what they hold is to be revoked
	 */
	record BeginVariedAnew(boolean removed, boolean revoked) implements Effect {
	}

	/**
	 * Let those go on who wait for somebody to log in.
	 */
	record WakeSignIns() implements Effect {
	}

	/**
	 * Give the waiters of a flight a token, whether it has brought it or not.
	 */
	record Wake(Flight flight, HeldToken token, Ending ending) implements Effect {
	}

	/**
	 * Tell the waiters of a flight that no token is to be had.
	 */
	record Fail(Flight flight, TokenException failure, Ending ending) implements Effect {

		/**
		 * The flight itself has failed.
		 */
		Fail(Flight flight, TokenException failure) {
			this(flight, failure, Ending.of(failure));
		}

	}

	/**
	 * Give those who wait for a flight now a token that serves meanwhile; it goes on.
	 */
	record Serve(Flight flight, HeldToken token) implements Effect {
	}

	/**
	 * Tell those who wait for a flight now that it takes too long; it goes on.
	 */
	record Tell(Flight flight, TokenException failure) implements Effect {
	}

	/**
	 * Have the waiters of a flight look at the state anew: what they wait for is not to
	 * be had from this flight any more.
	 */
	record SendOn(Flight flight, Ending ending) implements Effect {
	}

	/**
	 * Whether it wakes waiters, which is done at the very end, and whatever else throws.
	 */
	default boolean wakes() {
		return this instanceof Wake || this instanceof Fail || this instanceof SendOn || this instanceof Tell
				|| this instanceof Serve || this instanceof WakeSignIns;
	}

}
