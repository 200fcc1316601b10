package io.github.evertoken;

import java.time.Duration;

import io.github.evertoken.TokenEvent.Trigger;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Sees what tokens cost: each flight, each wait, each rejection and each step of a store,
 * as it happens and without a loss. It is there for metrics and traces;
 * {@link TokenEvent} tells an application what has become of its tokens.
 * <p>
 * It is called on the threads that obtain tokens and wake those who wait for them, so
 * that implementations are thread-safe, return at once and never block. What they throw
 * is logged, and harms no call. A call that has a usable token at hand goes by without
 * any of this.
 *
 * @since 0.1.0
 */
public interface TokenObserver {

	/**
	 * A flight takes off.
	 * @param key the key that it obtains a token for, without its subject token
	 * @param trigger why
	 * @param starter the Reactor Context of the caller because of whom it does, empty if
	 * it is nobody's
	 * @return sees how the flight goes on
	 */
	default FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
		return FlightObserver.NONE;
	}

	/**
	 * The wait of a caller has ended who had no usable token.
	 * @param key the key, without its subject token
	 * @param waited for how long
	 * @param outcome what it has come to
	 */
	default void waitEnded(TokenKey key, Duration waited, Outcome outcome) {
	}

	/**
	 * A resource server has refused a token.
	 * @param key the key, without its subject token
	 * @param decision what is made of it
	 */
	default void rejected(TokenKey key, RejectionDecision decision) {
	}

	/**
	 * A resource server has refused a token. By default this is
	 * {@link #rejected(TokenKey, RejectionDecision)}.
	 * @param key the key, without its subject token
	 * @param decision what is made of it
	 * @param rejection what is known of it besides
	 */
	default void rejected(TokenKey key, RejectionDecision decision, Rejection rejection) {
		rejected(key, decision);
	}

	/**
	 * A request has been sent once more, after a rejection.
	 * @param key the key, without its subject token
	 * @param outcome what it has come to
	 */
	default void resent(TokenKey key, ResendOutcome outcome) {
	}

	/**
	 * A step of a token store has ended.
	 * @param client the client whose key it was about
	 * @param operation which step
	 * @param took how long it took
	 * @param failed whether it failed or took too long
	 */
	default void storeStepEnded(String client, StoreOperation operation, Duration took, boolean failed) {
	}

	/**
	 * A step of a token store has ended. By default this is
	 * {@link #storeStepEnded(String, StoreOperation, Duration, boolean)}.
	 * @param client the client whose key it was about
	 * @param operation which step
	 * @param took how long it took
	 * @param outcome what it has come to
	 */
	default void storeStepEnded(String client, StoreOperation operation, Duration took, StoreOutcome outcome) {
		storeStepEnded(client, operation, took, outcome == StoreOutcome.FAILURE);
	}

	/**
	 * Sees one flight.
	 *
	 * @since 0.1.0
	 */
	interface FlightObserver {

		/**
		 * Sees nothing.
		 */
		FlightObserver NONE = new FlightObserver() {
		};

		/**
		 * Add what the calls of the flight are to find in their Reactor Context, such as
		 * the observation that they belong to. Nothing of any caller's own Context is in
		 * there.
		 * @param context the Context of the flight
		 * @return the Context with what is added
		 */
		default Context context(Context context) {
			return context;
		}

		/**
		 * The flight has ended.
		 * @param outcome what it has come to
		 * @param failure why it failed, {@code null} if it did not
		 */
		default void ended(Outcome outcome, @Nullable TokenException failure) {
		}

		/**
		 * The issuer has answered the flight with a token set.
		 * @param answer what there is to know of it
		 */
		default void issued(IssuerAnswer answer) {
		}

		/**
		 * The flight has replaced a token that was usable.
		 * @param lead how long before the end of that token
		 */
		default void replaced(Duration lead) {
		}

	}

	/**
	 * What there is to know of a token set that an issuer has answered with. No token is
	 * in it.
	 *
	 * @param lifetime how long the access token lives
	 * @param lifetimeTold whether the answer or the token says so, and it is not the
	 * default of the client
	 * @param refreshTokenLifetime how long the refresh token lives, {@code null} if that
	 * is not said
	 * @param issuerAhead by how much the clock of the issuer is ahead of ours at least,
	 * negative if it is behind and zero if no difference can be told, {@code null} if it
	 * does not say what time it is
	 * @since 0.1.0
	 */
	record IssuerAnswer(Duration lifetime, boolean lifetimeTold, @Nullable Duration refreshTokenLifetime,
			@Nullable Duration issuerAhead) {

	}

	/**
	 * What is known of a rejection.
	 *
	 * @param origin the origin of the resource server, such as
	 * {@code https://inventory.internal}, or {@code null} if it is not known
	 * @param serverAhead by how much the clock of the resource server is ahead of ours at
	 * least, negative if it is behind and zero if no difference can be told, {@code null}
	 * if it does not say what time it is
	 * @since 0.1.0
	 */
	record Rejection(@Nullable String origin, @Nullable Duration serverAhead) {

	}

	/**
	 * What a flight or a wait has come to.
	 *
	 * @since 0.1.0
	 */
	enum Outcome {

		/**
		 * A token is there.
		 */
		SUCCESS,

		/**
		 * None is, for now: {@link TransientTokenException}.
		 */
		TRANSIENT,

		/**
		 * Another configuration is needed: {@link TokenRefusedException}.
		 */
		REFUSED,

		/**
		 * Somebody must log in again: {@link ReauthenticationRequiredException}.
		 */
		REAUTHENTICATION,

		/**
		 * It was not needed any more.
		 */
		CANCELLED;

		/**
		 * Return what a failure stands for.
		 * @param failure the failure
		 * @return its outcome
		 */
		public static Outcome of(Throwable failure) {
			if (failure instanceof ReauthenticationRequiredException) {
				return REAUTHENTICATION;
			}
			return (failure instanceof TokenRefusedException) ? REFUSED : TRANSIENT;
		}

	}

	/**
	 * What is made of a rejection.
	 *
	 * @since 0.1.0
	 */
	enum RejectionDecision {

		/**
		 * The token is being replaced because of it.
		 */
		RENEWED,

		/**
		 * The token had been replaced already.
		 */
		LATE,

		/**
		 * The token is a suspect that serves until another one can be had.
		 */
		SUSPECT,

		/**
		 * The renewals that rejections may cost in a window are spent.
		 */
		BARRED,

		/**
		 * The place refuses what others accept, and is believed no more.
		 */
		PASSED

	}

	/**
	 * What a second attempt of a request has come to.
	 *
	 * @since 0.1.0
	 */
	enum ResendOutcome {

		/**
		 * The resource server has accepted the new token.
		 */
		ACCEPTED,

		/**
		 * The resource server has refused the new token too.
		 */
		REJECTED,

		/**
		 * There was no answer.
		 */
		FAILED

	}

	/**
	 * A step of a token store.
	 *
	 * @since 0.1.0
	 */
	enum StoreOperation {

		/**
		 * Reading a record.
		 */
		LOAD,

		/**
		 * Writing a token set.
		 */
		SAVE,

		/**
		 * Leaving a tombstone.
		 */
		REMOVE,

		/**
		 * Asking to be the one of all replicas who obtains the next token set.
		 */
		CLAIM,

		/**
		 * Writing the token set that was obtained with a claim.
		 */
		COMMIT,

		/**
		 * Giving a claim back without a token set.
		 */
		ABANDON

	}

	/**
	 * What a step of a token store has come to.
	 *
	 * @since 0.1.0
	 */
	enum StoreOutcome {

		/**
		 * It is done.
		 */
		SUCCESS,

		/**
		 * It has failed, or taken too long.
		 */
		FAILURE,

		/**
		 * A claim that is won: this replica asks the issuer.
		 */
		WON,

		/**
		 * A claim that is won after another replica has not said what became of its own.
		 */
		AMBIGUOUS,

		/**
		 * A claim that has met a newer token set.
		 */
		FRESH,

		/**
		 * A claim that has met another one.
		 */
		BUSY,

		/**
		 * A claim that has met what another replica has learnt: it is of no use to ask
		 * now.
		 */
		PAUSED,

		/**
		 * A commit that has met a newer token set.
		 */
		SUPERSEDED

	}

}
