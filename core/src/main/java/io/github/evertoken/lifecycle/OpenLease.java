package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedFailure.Kind;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;

/**
 * The lease that one attempt has on a shared record. It is ended once, whatever the
 * attempt comes to: by what is committed, or by what the others are to know.
 */
final class OpenLease {

	// A lease that has ended in vain is given back when all is decided that follows from
	// the failure: how long the issuer is left alone is what the others are told.

	private static final long DECIDED = 1;

	private static final int LONGEST_REASON = 200;

	/**
	 * The others are told of a little less than the pause: whoever has failed is about to
	 * ask again, and does not meet the end of its own.
	 */
	private static final double SHARE = 0.9;

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
		if (this.lifecycle.client().isClosed()) {
			this.steps.abandon(lease(), shared(failure, ambiguous, 0));
			return;
		}
		this.lifecycle.client()
			.resources()
			.timer()
			.after(DECIDED, () -> this.steps.abandon(lease(), shared(failure, ambiguous, pause())));
	}

	private long pause() {
		long end = Math.max(this.lifecycle.state().cooldown().end(), this.lifecycle.client().condition().restsUntil());
		long now = this.lifecycle.now().mono();
		return (end > now) ? (long) (SHARE * (end - now)) : 0;
	}

	private SharedFailure shared(TokenException failure, boolean ambiguous, long pause) {
		String reason = failure.reason();
		// Whoever has lost the answer asks once more before anybody else.
		long cooldown = ambiguous ? Math.max(pause, SharedTokens.SETTLE) : pause;
		return SharedFailure
			.of(kind(failure), (reason.length() > LONGEST_REASON) ? reason.substring(0, LONGEST_REASON) : reason,
					failure.error(), Duration.ofMillis(cooldown))
			.withAmbiguous(ambiguous)
			.withTried(Fingerprints.of(this.refused));
	}

	private static Kind kind(TokenException failure) {
		if (failure instanceof ReauthenticationRequiredException) {
			return Kind.REAUTHENTICATION;
		}
		return (failure instanceof TokenRefusedException) ? Kind.REFUSED : Kind.TRANSIENT;
	}

}
