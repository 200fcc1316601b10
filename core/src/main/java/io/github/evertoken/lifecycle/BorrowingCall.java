package io.github.evertoken.lifecycle;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * The side of a flight that borrows the refresh token of another key, and counts its
 * attempts: one that has found no more than that it needs a loan is none.
 */
abstract class BorrowingCall extends ClaimingCall {

	// The last loan. A flight that is made once more borrows anew.
	private volatile @Nullable Loan loan;

	private volatile int attempts;

	BorrowingCall(TokenLifecycle lifecycle, @Nullable NestedCall outer) {
		super(lifecycle, outer);
	}

	abstract boolean isCancelled();

	/**
	 * Count an attempt.
	 * @return how many there were before
	 */
	final int countAttempt() {
		return this.attempts++;
	}

	final void uncountAttempt() {
		this.attempts--;
	}

	final int attempts() {
		return this.attempts;
	}

	final void borrows(Loan loan) {
		this.loan = loan;
	}

	/**
	 * Return the loan with which the attempt is made, {@code null} if it has none.
	 */
	final @Nullable Loan loan() {
		Loan loan = this.loan;
		return (loan != null && !loan.isOver()) ? loan : null;
	}

	final boolean hasLentToken() {
		Loan loan = loan();
		return loan != null && loan.refreshToken() != null;
	}

	/**
	 * Tell whether callers of the key that lends wait for the end of the loan.
	 */
	final boolean isWantedByLender() {
		Loan loan = loan();
		return loan != null && loan.room().isOccupied();
	}

	/**
	 * Tell whether an attempt was made with a loan.
	 */
	final boolean hadLoan() {
		return this.loan != null;
	}

	/**
	 * Return the session that a token set continues or begins, {@code null} if nothing is
	 * known of it: that of a loan is the lender's.
	 * @param known what the key knew before
	 */
	final @Nullable Session sessionWith(KeyState known, TokenSet tokens, Moment now) {
		return hadLoan() ? null : Session.after(known.session(), known.refreshToken(), tokens, now);
	}

	/**
	 * The attempt has brought nothing for the key that lends.
	 * @param lost how the answer was lost, {@code null} if it was not
	 */
	final void giveBack(@Nullable TokenException lost) {
		Loan loan = this.loan;
		if (loan != null) {
			loan.endInVain(lost != null);
		}
	}

	/**
	 * The refresh token was refused, and nothing else helps: that concerns the key that
	 * lends it as well.
	 */
	final void refused(ReauthenticationRequiredException reason) {
		Loan loan = this.loan;
		if (loan != null) {
			loan.endRefused(reason);
		}
	}

	/**
	 * The answer is late: that concerns those who wait for the end of the loan too.
	 */
	final void lateForLender(TokenException failure) {
		Loan loan = loan();
		if (loan != null) {
			loan.late(failure);
		}
	}

	/**
	 * The flight has left the state of its key: nobody wants what it would bring, and
	 * others wait for the refresh token.
	 */
	void leaves() {
		Loan loan = this.loan;
		if (loan != null) {
			loan.letGo(isCancelled());
		}
	}

}
