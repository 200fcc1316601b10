package io.github.evertoken.lifecycle;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;

/**
 * The lease that one attempt has on a shared record. It is ended once, whatever the
 * attempt comes to: by what is committed, or by what the others are to know.
 */
final class OpenLease {

	// A lease that has ended in vain is given back when all is decided that follows from
	// the failure: how long the issuer is left alone is what the others are told.

	static final long DECIDED = 1;

	private final TokenLifecycle lifecycle;

	private final SharedSteps steps;

	private final Claim.Won claim;

	private final Moment claimedAt;

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean over = new AtomicBoolean();

	private volatile boolean asked;

	private volatile boolean redeems;

	/**
	 * Open a lease.
	 * @param lifecycle the key whose record it is
	 * @param claim the claim that has won it
	 * @param claimedAt when the claim was sent
	 */
	OpenLease(TokenLifecycle lifecycle, SharedSteps steps, Claim.Won claim, Moment claimedAt) {
		this.lifecycle = lifecycle;
		this.steps = steps;
		this.claim = claim;
		this.claimedAt = claimedAt;
	}

	Lease lease() {
		return this.claim.lease();
	}

	ClaimRequest request() {
		return lease().request();
	}

	@Nullable StoredTokenSet current() {
		return this.claim.current();
	}

	boolean isAmbiguous() {
		return this.claim.ambiguous();
	}

	long version() {
		return lease().version();
	}

	/**
	 * Return the refresh tokens that were refused with it.
	 */
	Set<String> refused() {
		return this.refused;
	}

	/**
	 * The issuer is about to be asked.
	 * @param refreshToken with what, {@code null} for the client's own grant
	 * @return whether it may be: a refresh token is not sent so late that another replica
	 * may have its turn before there is an answer
	 */
	boolean asks(@Nullable String refreshToken, LeaseTime leaseTime) {
		if (refreshToken != null && !leaseTime.isInTime(lease(), this.claimedAt, this.lifecycle.now())) {
			return false;
		}
		this.asked = true;
		this.redeems = refreshToken != null;
		return true;
	}

	/**
	 * The issuer has answered, or was not asked at all.
	 */
	void isAnswered() {
		this.redeems = false;
	}

	/**
	 * What was obtained is committed, or will be.
	 */
	void isOver() {
		this.over.set(true);
	}

	/**
	 * Nothing was made of it.
	 */
	void giveBack() {
		if (!this.over.getAndSet(true)) {
			this.steps.giveBack(lease());
		}
	}

	/**
	 * The attempt has failed.
	 */
	void ends(Throwable failure) {
		TokenException known = this.lifecycle.client().call().asTokenException(this.lifecycle.key(), failure);
		if (!this.asked || Lending.LoanNeeded.is(known) || HeldElsewhere.in(known) != null) {
			giveBack();
		}
		else if (!this.over.getAndSet(true)) {
			boolean ambiguous = this.redeems && known instanceof TransientTokenException trouble && trouble.ambiguous();
			tell(known, ambiguous);
		}
	}

	/**
	 * The attempt was given up.
	 */
	void isCancelled() {
		if (!this.asked) {
			giveBack();
		}
		else if (!this.over.getAndSet(true)) {
			tell(new TransientTokenException(this.lifecycle.key(), "the issuer has not answered in time", null),
					this.redeems);
		}
	}

	private void tell(TokenException failure, boolean ambiguous) {
		// Whoever has lost the answer asks once more before anybody else.
		long least = ambiguous ? new LeaseTime(this.lifecycle.client().settings()).settle() : 0;
		if (this.lifecycle.client().isClosed()) {
			abandon(ToldFailure.of(failure, least), ambiguous);
			return;
		}
		this.lifecycle.client()
			.resources()
			.timer()
			.after(DECIDED, () -> abandon(ToldFailure.ofKey(this.lifecycle, failure, least), ambiguous));
	}

	private void abandon(SharedFailure failure, boolean ambiguous) {
		this.steps.abandon(lease(), failure.withAmbiguous(ambiguous).withTried(Fingerprints.of(this.refused)));
	}

}
