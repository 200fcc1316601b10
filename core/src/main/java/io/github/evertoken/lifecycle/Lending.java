package io.github.evertoken.lifecycle;

import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * How a varied key of a subject comes to the refresh token that the subject's own key
 * has: it borrows it for one attempt, when its turn has come.
 */
final class Lending {

	// The order: a loan takes the place of the flight in the state of the own key. A
	// flight that finds this place taken waits for the room of whoever has it to be left,
	// and looks again: behind the callers who have waited there, and in the order in
	// which it came. It holds no place on the runway meanwhile, and no clock runs.

	private final ManagedClient client;

	private final ManagerResources resources;

	Lending(ManagedClient client) {
		this.client = client;
		this.resources = client.resources();
	}

	/**
	 * The attempt needs a refresh token of another key, for which the flight has to wait.
	 */
	static final class LoanNeeded extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private static final LoanNeeded INSTANCE = new LoanNeeded();

		private LoanNeeded() {
			super("A loan is needed", null, false, false);
		}

		static <T> Mono<T> of(Flight flight) {
			return Mono.error(() -> new TransientTokenException(flight.key(),
					"the refresh token is held for the subject's own key", INSTANCE));
		}

		static boolean is(TokenException failure) {
			return failure.getCause() == INSTANCE;
		}

	}

	/**
	 * Ask without a refresh token if the own key has none to lend. A store that cannot be
	 * read is not an empty one, and is not needed by a client with a grant of its own
	 * (LC-8).
	 * @param granted what is asked then
	 */
	Mono<TokenSet> loanOr(Flight flight, Mono<TokenSet> granted) {
		Mono<Boolean> lends = lends(VariedKeys.ownKey(flight.key())).cache();
		return lends
			.timeout(this.resources.timer().signal(StoredTokens.HEDGE.toMillis()), Mono.error(StoredTokens.Slow::new))
			.flatMap((lent) -> lent ? LoanNeeded.<TokenSet>of(flight) : granted)
			.onErrorResume((ex) -> ex instanceof TokenStoreException || ex instanceof StoredTokens.Slow,
					(ex) -> granted.onErrorResume(ReauthenticationRequiredException.class,
							(none) -> lends.flatMap((lent) -> lent ? LoanNeeded.<TokenSet>of(flight) : Mono.error(none))
								.onErrorMap(TokenStoreException.class,
										(trouble) -> StoredTokens.trouble(flight, trouble))));
	}

	/**
	 * Tell whether a subject's own key has a refresh token, as far as the key knows, or
	 * else its record in the store.
	 */
	private Mono<Boolean> lends(TokenKey own) {
		TokenLifecycle lifecycle = this.client.keys().known(own);
		KeyState state = (lifecycle != null) ? lifecycle.state() : KeyState.EMPTY;
		boolean known = state.generation() > 0 || state.signedOut() != null || this.client.store().areNone();
		if (state.refreshToken() != null || known) {
			return Mono.just(state.refreshToken() != null);
		}
		return this.client.store()
			.load(own)
			.map((stored) -> stored.tokenSet() != null && stored.tokenSet().refreshToken() != null)
			.defaultIfEmpty(false);
	}

	/**
	 * Have a flight go on with a loan, as soon as its turn has come; without one if there
	 * is nothing to lend by then.
	 */
	void request(Flight borrower) {
		borrower.queues();
		turnOrFail(borrower);
	}

	/**
	 * What fails here should never fail, such as a timer, and nobody else would hear of
	 * it.
	 */
	private void turnOrFail(Flight borrower) {
		try {
			turn(this.client.lifecycle(VariedKeys.ownKey(borrower.key())), borrower);
		}
		catch (Throwable ex) {
			borrower.lifecycle()
				.happens(new FlightEvents.Failed(borrower,
						new TransientTokenException(borrower.key(), "it cannot wait for the refresh token: " + ex, ex),
						true, false, Long.MIN_VALUE, null));
		}
	}

	private void turn(TokenLifecycle own, Flight borrower) {
		if (!borrower.lifecycle().isUnderway(borrower)) {
			new Outcomes(borrower.lifecycle()).dropped(borrower);
			return;
		}
		Transition transition = own.apply((state, now) -> new LoanEvents.Lent(new Loan(own, borrower, state, now),
				!this.client.store().areNone()));
		if (transition.before().closed()) {
			turnOfSuccessor(own, borrower);
		}
		else if (transition.changes() && transition.next().flight() instanceof Loan loan) {
			borrower.borrows(loan);
			goOn(borrower);
		}
		else {
			Flight ahead = transition.before().flight(this.resources.now());
			if (ahead != null) {
				await(ahead, borrower);
			}
			else {
				goOn(borrower);
			}
		}
	}

	/**
	 * Either it is seen here that the flight has left the state of its key, or whoever
	 * takes it out sees the loan.
	 */
	private void goOn(Flight borrower) {
		if (borrower.lifecycle().isUnderway(borrower)) {
			this.client.runway().enter(new Attempt(borrower));
		}
		else {
			borrower.leaves();
			new Outcomes(borrower.lifecycle()).dropped(borrower);
		}
	}

	/**
	 * The own key was evicted meanwhile: its successor lends, if it knows anything.
	 */
	private void turnOfSuccessor(TokenLifecycle own, Flight borrower) {
		if (!this.client.isClosed()) {
			this.client.keys().step(own, (successor) -> {
				turn(successor, borrower);
				return true;
			});
		}
	}

	/**
	 * The one ahead may have ended because the issuer has been in trouble for longer than
	 * callers wait: then nobody queues on.
	 */
	private boolean isBarred(Flight borrower) {
		TransientTokenException failure = this.client.condition()
			.failsAtOnce(borrower.key(), this.resources.now(), this.client.settings().maxWait().toMillis(), false);
		if (failure != null) {
			new Outcomes(borrower.lifecycle()).turnedAway(borrower, failure);
		}
		return failure != null;
	}

	/**
	 * Look again when the one ahead has ended, and after a while whatever keeps it from
	 * ending (LC-1).
	 */
	private void await(Flight ahead, Flight borrower) {
		if (!borrower.awaits(ahead)) {
			new Outcomes(borrower.lifecycle()).waitsForItself(borrower);
			return;
		}
		if (borrower.isNested()) {
			ahead.hasten();
		}
		AtomicBoolean first = new AtomicBoolean(true);
		Disposable.Swap timer = Disposables.swap();
		Runnable again = () -> {
			timer.dispose();
			if (first.getAndSet(false) && !isBarred(borrower)) {
				turnOrFail(borrower);
			}
		};
		timer.update(this.resources.timer().after(this.client.settings().deadline(true), again));
		ahead.room().afterwards(again);
	}

}
