package io.github.evertoken.lifecycle;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;

/**
 * Makes events of what the attempts of a flight come to: whose trouble it is, whether
 * another attempt comes in time for those who wait, and when.
 */
final class Outcomes {

	/**
	 * So many attempts may have been in vain because others have written to the store.
	 */
	private static final int MOST_SUPERSEDED = 3;

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	Outcomes(TokenLifecycle lifecycle) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
	}

	void landed(Flight flight, Obtained obtained) {
		if (obtained.issued()) {
			flight.issued(obtained.tokens(), this.lifecycle.now());
		}
		Loan loan = obtained.loan();
		if (loan != null) {
			loan.end();
		}
		else {
			flight.leaves();
		}
		if (obtained.restsNowhere()) {
			landedOnALoan(flight, obtained.tokens());
			return;
		}
		this.lifecycle.apply((state, now) -> {
			boolean late = state.flight() != flight && obtained.unsaved() != null;
			long generation = (obtained.version() > 0 && !late) ? obtained.version() : state.generation() + 1;
			HeldToken held = this.client.schedule().hold(obtained.tokens(), generation, now);
			return new FlightEvents.Landed(flight, held, obtained.tokens(),
					late ? obtained.unsavedAt(state.version()) : obtained.unsaved());
		});
	}

	/**
	 * The store knows nothing of the set, and of the key what it knew before.
	 */
	private void landedOnALoan(Flight flight, TokenSet tokens) {
		this.lifecycle.apply((state, now) -> {
			HeldToken last = state.held();
			long generation = Math.max(state.generation(), (last != null) ? last.generation() : 0) + 1;
			HeldToken held = this.client.schedule().hold(tokens, generation, now);
			return new FlightEvents.Landed(flight, held, tokens, state.generation(), null);
		});
	}

	/**
	 * An attempt has failed. Its place on the runway is free when all is decided.
	 */
	void failed(Attempt attempt, TokenException failure) {
		FlightLog.attemptFailed(attempt, failure, this.lifecycle.now());
		try {
			if (new OthersTurn(this.lifecycle).isAwaited(attempt, failure)) {
				return;
			}
			if (Lending.LoanNeeded.is(failure)) {
				this.client.runway().leave(attempt);
				borrows(attempt.flight());
			}
			else if (attempt.flight().hasBrought() && !this.lifecycle.isUnderway(attempt.flight())) {
				// Something newer has come, which is nobody's trouble.
				this.client.condition().answered(this.lifecycle.now());
				dropped(attempt.flight());
			}
			else if (attempt.flight().hasBrought() && attempt.flight().hadLoan()) {
				this.client.condition().answered(this.lifecycle.now());
				superseded(attempt.flight(), failure);
			}
			else if (failure instanceof TransientTokenException trouble) {
				troubled(attempt, trouble);
			}
			else {
				this.client.condition().answered(this.lifecycle.now());
				refused(attempt.flight(), failure);
			}
		}
		finally {
			this.client.runway().leave(attempt);
		}
	}

	/**
	 * What the issuer has brought for the key that lends is not to be had any more:
	 * another set is there, with which the flight begins anew. The issuer is well.
	 */
	private void superseded(Flight flight, TokenException failure) {
		flight.giveBack(null);
		boolean goesOn = flight.attempts() < MOST_SUPERSEDED;
		long next = this.lifecycle.now().after(backoff().shortPause(0, luck()));
		if (goesOn) {
			flight.pauses(next);
		}
		this.lifecycle.happens(new FlightEvents.Failed(flight, failure, flight.isAwaited(), goesOn, next, null));
	}

	/**
	 * The attempt has found that it needs the refresh token of another key, and is none.
	 */
	private void borrows(Flight flight) {
		flight.giveBack(null);
		flight.uncountAttempt();
		this.client.lending().request(flight);
	}

	/**
	 * The flight would wait for a refresh token that waits for the flight.
	 */
	void waitsForItself(Flight flight) {
		refused(flight,
				this.client.call()
					.asTokenException(flight.key(), new CircularWaitException("The refresh token of " + flight.key()
							+ " is on its way with a request that waits for this token")));
	}

	/**
	 * The flight has left the state before it has begun, or has brought what is not
	 * needed any more.
	 */
	void dropped(Flight flight) {
		flight.giveBack(null);
		this.lifecycle.happens(new FlightEvents.Failed(flight,
				new TransientTokenException(flight.key(), "it is not needed any more", null), false, false,
				Long.MIN_VALUE, null));
	}

	private void refused(Flight flight, TokenException failure) {
		if (failure instanceof ReauthenticationRequiredException reason) {
			flight.refused(reason);
			this.lifecycle.happens(new FlightEvents.Reauthentication(flight, reason));
			return;
		}
		flight.giveBack(null);
		double luck = luck();
		this.lifecycle.apply((state, now) -> new FlightEvents.Refused(flight, (TokenRefusedException) failure,
				state.cooldown().afterRefusal(failure, now, backoff(), luck)));
	}

	private void troubled(Attempt attempt, TransientTokenException failure) {
		Flight flight = attempt.flight();
		boolean awaited = flight.isAwaited();
		boolean ambiguous = failure.ambiguous() && flight.redeemed() != null
				&& (flight.refreshToken() != null || flight.hasLentToken());
		boolean again = ambiguous && isLost(flight, failure);
		flight.giveBack(ambiguous ? failure : null);
		if (failure.getCause() instanceof TokenStoreException) {
			storeFailed(flight, failure, awaited);
			return;
		}
		IssuerVerdict verdict = this.client.condition()
			.failed(failure, awaited, attempt.launchedAt(), this.lifecycle.now(), backoff(), luck());
		boolean patient = verdict.goesOn() && awaited && isPatient(flight);
		boolean goesOn = patient || again;
		long next = (again && !patient) ? soon(verdict) : verdict.nextAttempt();
		if (goesOn && awaited) {
			tellBy(flight, failure, verdict.patientUntil());
		}
		if (goesOn) {
			flight.pauses(next);
		}
		this.lifecycle.happens(new FlightEvents.Failed(flight, failure, awaited, goesOn, next, null));
	}

	/**
	 * The flight queues for its turn, which comes as soon as the issuer is well again,
	 * and does not sit the pause of the issuer out.
	 */
	private long soon(IssuerVerdict verdict) {
		return Math.min(verdict.nextAttempt(), this.lifecycle.now().after(backoff().shortPause(0, luck())));
	}

	/**
	 * The answer is lost. It is asked for once more, whoever waits, and if it is lost
	 * again, or cannot be had at the moment, the key goes on by itself for a while: the
	 * server may take the refresh token once more for some time, and not for longer.
	 * @return whether the flight asks once more
	 */
	private boolean isLost(Flight flight, TransientTokenException failure) {
		this.client.events(flight.key()).ambiguous(flight, failure);
		return flight.lostAnswer().happens(this.lifecycle.now());
	}

	/**
	 * A failure that is this flight's alone, while others succeed, is bounded by the
	 * patience with this flight.
	 */
	private boolean isPatient(Flight flight) {
		long longest = this.client.settings().responseTimeout().toMillis() + backoff().patience();
		return flight.attempts() < 2 || this.lifecycle.now().mono() < flight.startedAt().after(longest);
	}

	/**
	 * The trouble is the store's. The keys that live on it try again by themselves.
	 */
	private void storeFailed(Flight flight, TransientTokenException failure, boolean awaited) {
		double luck = luck();
		this.client.logs().store().failed(failure, 0, this.lifecycle.now());
		this.lifecycle.apply((state, now) -> {
			Cooldown cooldown = state.cooldown().after(failure, awaited, now, backoff(), luck);
			boolean goesOn = awaited && cooldown.isPatient();
			if (goesOn) {
				flight.pauses(cooldown.end());
			}
			return new FlightEvents.Failed(flight, failure, awaited, goesOn, cooldown.end(), cooldown);
		});
	}

	/**
	 * Those who wait are told when patience is over, though the attempt should go on.
	 */
	private void tellBy(Flight flight, TransientTokenException failure, long time) {
		this.client.resources().timer().after(time - this.lifecycle.now().mono(), () -> {
			if (flight.room().isOccupied()) {
				late(flight, failure);
			}
		});
	}

	/**
	 * The answer is late, and a refresh token is on its way. Nobody else is to wait for
	 * it: it is no probe any more, and has no place on the runway.
	 */
	void late(Attempt attempt, TransientTokenException failure) {
		Flight flight = attempt.flight();
		this.client.condition()
			.failed(failure, flight.isAwaited(), attempt.launchedAt(), this.lifecycle.now(), backoff(), luck());
		this.client.runway().leave(attempt);
		flight.lateForLender(failure);
		late(flight, failure);
	}

	/**
	 * The issuer takes longer than those wait who wait now.
	 */
	private void late(Flight flight, TransientTokenException failure) {
		this.lifecycle.happens(new FlightEvents.Late(flight, failure));
	}

	/**
	 * A refresh token was on its way for as long as it may be.
	 */
	void overdue(Attempt attempt, TransientTokenException failure) {
		try {
			IssuerVerdict verdict = this.client.condition()
				.failed(failure, false, attempt.launchedAt(), this.lifecycle.now(), backoff(), luck());
			Flight flight = attempt.flight();
			boolean again = isLost(flight, failure);
			flight.giveBack(failure);
			if (again) {
				long next = soon(verdict);
				flight.pauses(next);
				this.lifecycle.happens(new FlightEvents.Failed(flight, failure, flight.isAwaited(), true, next, null));
			}
			else {
				this.lifecycle.happens(new FlightEvents.Deadline(flight, failure, verdict.nextAttempt()));
			}
		}
		finally {
			this.client.runway().leave(attempt);
		}
	}

	/**
	 * The flight was in the queue when patience with the issuer was over.
	 */
	void turnedAway(Flight flight, TransientTokenException failure) {
		flight.giveBack(null);
		TransientTokenException own = TroubleLog.copyFor(flight.key(), failure);
		this.lifecycle
			.happens(new FlightEvents.Failed(flight, own, true, false, this.client.condition().restsUntil(), null));
	}

	private Backoff backoff() {
		return this.client.settings().backoff();
	}

	private double luck() {
		return this.client.resources().random().getAsDouble();
	}

}
