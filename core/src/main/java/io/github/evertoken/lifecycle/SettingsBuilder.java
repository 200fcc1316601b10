package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Objects;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;

/**
 * All that can be set for a client.
 *
 * @param <B> the builder
 */
abstract class SettingsBuilder<B> extends TimingSettings<B> {

	final String name;

	final TokenIssuer issuer;

	@Nullable TokenStore store;

	@Nullable String refreshToken;

	Duration maxLease = Duration.ofHours(24);

	int maxConcurrentRequests = 64;

	int maxRenewals = 5;

	Duration rejectionWindow = Duration.ofSeconds(30);

	long maximumSubjects = 10_000;

	Duration subjectExpireAfterIdle = Duration.ofMinutes(30);

	Duration awaitSignIn = Duration.ZERO;

	AfterCrash afterCrash = AfterCrash.RETRY;

	Duration rotationGrace = Duration.ZERO;

	@Nullable ProofOfPossession dpop;

	SettingsBuilder(String name, TokenIssuer issuer) {
		this.name = Objects.requireNonNull(name, "name");
		this.issuer = Objects.requireNonNull(issuer, "issuer");
	}

	/**
	 * Set where this client's token sets rest, in place of the manager's store.
	 * @param store the store, or {@code null} for the manager's
	 * @return this builder
	 */
	public B store(@Nullable TokenStore store) {
		this.store = store;
		return self();
	}

	/**
	 * Set the refresh token that the service's own key starts with.
	 * @param refreshToken the refresh token, or {@code null} for none
	 * @return this builder
	 */
	public B refreshToken(@Nullable String refreshToken) {
		this.refreshToken = refreshToken;
		return self();
	}

	/**
	 * Set how long a lease may last. The default is 24 hours.
	 * @param maxLease the bound, positive
	 * @return this builder
	 */
	public B maxLease(Duration maxLease) {
		this.maxLease = requirePositive(maxLease);
		return self();
	}

	/**
	 * Set how many flights of this client may be in the air at a time. Others queue, and
	 * their time-outs do not count before it is their turn. It is to be less than what
	 * the connections to the issuer can bear. The default is 64.
	 * @param maxConcurrentRequests the number, 1 or more
	 * @return this builder
	 */
	public B maxConcurrentRequests(int maxConcurrentRequests) {
		if (maxConcurrentRequests < 1) {
			throw new IllegalArgumentException("must be 1 or more, but is " + maxConcurrentRequests);
		}
		this.maxConcurrentRequests = maxConcurrentRequests;
		return self();
	}

	/**
	 * Set how many rejected tokens are replaced within one window. The default is 5.
	 * @param maxRenewals the number, 0 or more; 0 passes every 401 on
	 * @return this builder
	 */
	public B maxRenewals(int maxRenewals) {
		if (maxRenewals < 0) {
			throw new IllegalArgumentException("must be 0 or more, but is " + maxRenewals);
		}
		this.maxRenewals = maxRenewals;
		return self();
	}

	/**
	 * Set the window in which rejected tokens are counted. The default is 30 seconds.
	 * @param rejectionWindow the window, positive
	 * @return this builder
	 */
	public B rejectionWindow(Duration rejectionWindow) {
		this.rejectionWindow = requirePositive(rejectionWindow);
		return self();
	}

	/**
	 * Set how many subjects' keys are kept. Beyond that, those that are used least are
	 * forgotten, their refresh tokens included: what no {@code TokenStore} keeps is gone,
	 * and the subject has to log in again. So it is to be more than the number of
	 * subjects who are active within {@link #subjectExpireAfterIdle(Duration)}. The
	 * default is 10,000.
	 * @param maximumSubjects the number, 1 or more
	 * @return this builder
	 */
	public B maximumSubjects(long maximumSubjects) {
		if (maximumSubjects < 1) {
			throw new IllegalArgumentException("must be 1 or more, but is " + maximumSubjects);
		}
		this.maximumSubjects = maximumSubjects;
		return self();
	}

	/**
	 * Set how long a subject's key is kept though nobody asks for it, after which it is
	 * forgotten like one too many. So it is to be as long as a session of the
	 * application. The default is 30 minutes.
	 * @param subjectExpireAfterIdle the time, positive
	 * @return this builder
	 */
	public B subjectExpireAfterIdle(Duration subjectExpireAfterIdle) {
		this.subjectExpireAfterIdle = requirePositive(subjectExpireAfterIdle);
		return self();
	}

	/**
	 * Set how long a call on a signed-out key waits for {@code TokenManager.put}, which
	 * lets it go on, before it fails. The wait for a flight that may follow has its own
	 * bound. The default is zero: the call fails at once.
	 * @param awaitSignIn the time, zero or positive
	 * @return this builder
	 */
	public B awaitSignIn(Duration awaitSignIn) {
		this.awaitSignIn = requireNotNegative(awaitSignIn);
		return self();
	}

	/**
	 * Set what is done with a refresh token that another replica may have redeemed and
	 * has not said so. It matters for a {@code SharedTokenStore} alone. The default is
	 * {@link AfterCrash#RETRY}.
	 * @param afterCrash what is done
	 * @return this builder
	 */
	public B afterCrash(AfterCrash afterCrash) {
		this.afterCrash = Objects.requireNonNull(afterCrash, "afterCrash");
		return self();
	}

	/**
	 * Set for how long the authorization server takes a refresh token again that was
	 * rotated. With a {@code SharedTokenStore}, a replica then has its turn for less than
	 * that, so that another one comes in time if it dies. The default is zero: it is
	 * taken once, and nobody else has a turn while it may be on its way.
	 * @param rotationGrace the time, zero or positive
	 * @return this builder
	 */
	public B rotationGrace(Duration rotationGrace) {
		this.rotationGrace = requireNotNegative(rotationGrace);
		return self();
	}

	/**
	 * Set what shows resource servers that the client holds the key to which its tokens
	 * are bound (RFC 9449). The issuer has to use the same.
	 * @param dpop the proofs, or {@code null} for bearer tokens, as by default
	 * @return this builder
	 */
	public B dpop(@Nullable ProofOfPossession dpop) {
		this.dpop = dpop;
		return self();
	}

	void requireHarmony() {
		if (this.renewalJitter >= this.renewAt) {
			throw contradiction("renewal jitter", "must be less than its renewal point " + this.renewAt,
					this.renewalJitter);
		}
		if (this.initialBackoff.compareTo(this.maxBackoff) > 0) {
			throw contradiction("initial backoff", "must not exceed its maximum " + this.maxBackoff,
					this.initialBackoff);
		}
		if (this.refreshDeadline != null && this.refreshDeadline.compareTo(this.responseTimeout) < 0) {
			throw contradiction("refresh deadline",
					"must not be less than its response time-out " + this.responseTimeout, this.refreshDeadline);
		}
	}

	private IllegalArgumentException contradiction(String setting, String rule, Object value) {
		return new IllegalArgumentException(
				"The " + setting + " of client '" + this.name + "' " + rule + ", but is " + value);
	}

}
