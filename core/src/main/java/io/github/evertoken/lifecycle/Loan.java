package io.github.evertoken.lifecycle;

import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a varied key has the refresh token of its subject's own key, for one
 * attempt. It takes the place of a flight in the state of the own key, so that there is
 * one redemption at a time, and makes no attempt itself: that is the borrower's.
 */
final class Loan extends Flight {

	// How giving up and redeeming meet: whoever makes HELD to OVER has kept the refresh
	// token from being sent, and whoever makes it REDEEMING sends it if the loan is in
	// the state of the own key after that. An own key that takes the loan out of its
	// state does so before that look, and nothing is sent, or after it: then the refresh
	// token is on its way, as it may be with any flight.

	private enum Stage {

		HELD, REDEEMING, OVER

	}

	private final Flight borrower;

	private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.HELD);

	private final AtomicReference<@Nullable Repayment> repayment = new AtomicReference<>();

	/**
	 * Prepare a loan.
	 * @param own the key that lends
	 * @param borrower the flight of the varied key
	 * @param known what the own key knows
	 * @param now the time now
	 */
	Loan(TokenLifecycle own, Flight borrower, KeyState known, Moment now) {
		super(own, borrower.trigger(), known, null, now);
		this.borrower = borrower;
		awaits(borrower);
	}

	/**
	 * What the own key gets back.
	 *
	 * @param refreshToken the refresh token that is good from now on, {@code null} if it
	 * was refused
	 * @param version the version of the record in the store, 0 if there is none
	 * @param unsaved what the store is still to be told, {@code null} if nothing
	 * @param held an access token of the own key that the store had and the key had not
	 * @param tokens what was issued, to be revoked if the own key was
	 */
	record Repayment(@Nullable String refreshToken, long version, @Nullable Unsaved unsaved, @Nullable HeldToken held,
			TokenSet tokens) {

		Repayment with(long version, @Nullable Unsaved unsaved) {
			return new Repayment(this.refreshToken, version, unsaved, this.held, this.tokens);
		}

		/**
		 * Never the tokens.
		 */
		@Override
		public String toString() {
			return "Repayment[version=" + this.version + "]";
		}

	}

	boolean isOver() {
		return this.stage.get() == Stage.OVER;
	}

	/**
	 * A refresh token is about to be sent.
	 * @return whether it may be
	 */
	boolean redeem(String refreshToken, Moment now) {
		this.stage.compareAndSet(Stage.HELD, Stage.REDEEMING);
		if (isOver() || !lifecycle().isUnderway(this)) {
			return false;
		}
		redeems(refreshToken, now);
		return true;
	}

	/**
	 * The attempt has brought something for the own key, {@code null} if it was in vain.
	 */
	void brings(@Nullable Repayment repayment) {
		this.repayment.set(repayment);
	}

	/**
	 * End the loan with what the attempt has brought. What comes late may still be the
	 * only good refresh token.
	 */
	void end() {
		Repayment brought = this.repayment.getAndSet(null);
		if (brought == null) {
			endInVain(false);
			return;
		}
		// The state first: a loan that is over counts as none, and the refresh token that
		// it has redeemed is not to be sent by another flight meanwhile.
		lifecycle().happens(new LoanEvents.Returned(this, brought));
		this.stage.set(Stage.OVER);
	}

	/**
	 * End the loan, with what the attempt may have brought all the same.
	 * @param lost whether nobody knows what has become of the refresh token
	 */
	void endInVain(boolean lost) {
		if (this.stage.getAndSet(Stage.OVER) != Stage.OVER) {
			boolean askedFor = this.borrower.lifecycle().isUnderway(this.borrower);
			LostAnswer lostAnswer = (lost && !askedFor) ? this.borrower.lostAnswer() : null;
			lifecycle().happens(new LoanEvents.Returned(this, this.repayment.getAndSet(null), lostAnswer));
		}
	}

	void endRefused(ReauthenticationRequiredException reason) {
		if (this.stage.getAndSet(Stage.OVER) != Stage.OVER) {
			lifecycle().happens(new FlightEvents.Reauthentication(this, new ReauthenticationRequiredException(key(),
					reason.reason(), reason.error(), reason.errorDescription(), reason.getCause())));
		}
	}

	void late(TokenException failure) {
		lifecycle().happens(
				new FlightEvents.Late(this, new TransientTokenException(key(), failure.reason(), failure.getCause())));
	}

	/**
	 * The borrower has left the state of its key: end the loan, unless the refresh token
	 * is on its way.
	 * @param cancelled whether the call of the borrower was cancelled
	 */
	void letGo(boolean cancelled) {
		boolean over = this.stage.compareAndSet(Stage.HELD, Stage.OVER)
				|| (cancelled && this.stage.compareAndSet(Stage.REDEEMING, Stage.OVER));
		if (over) {
			lifecycle().happens(new LoanEvents.Returned(this, this.repayment.getAndSet(null)));
		}
	}

	/**
	 * The loan has left the state of the own key: the borrower is to borrow anew, and
	 * nothing comes that would have to be revoked.
	 */
	@Override
	void leaves() {
		if (this.stage.compareAndSet(Stage.HELD, Stage.OVER)) {
			lifecycle().happens(new LoanEvents.Returned(this, null));
		}
	}

	@Override
	boolean isOnTime(long mono) {
		return false;
	}

	/**
	 * A loan lasts as long as the attempt for which it was given.
	 */
	@Override
	boolean isOverdue(Moment now) {
		return isOver() || this.borrower.isOverdue(now)
				|| (this.stage.get() == Stage.HELD && !this.borrower.lifecycle().isUnderway(this.borrower));
	}

	/**
	 * The borrower finds that the loan is over, and borrows anew; with a refresh token on
	 * its way it goes on in any case.
	 */
	@Override
	void abandon(Moment now) {
		// The attempt is the borrower's, which is still underway.
	}

	@Override
	void cancel() {
		this.borrower.cancel();
	}

	@Override
	void hasten() {
		this.borrower.hasten();
	}

}
