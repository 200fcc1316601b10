package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Objects;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.grant.DpopProofs;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;

/**
 * How the tokens of one client live: where they come from, when they are renewed, and how
 * failures and rejections are met.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class ClientSettings {

	/**
	 * No duration is counted as longer than this, so that no sum of times overflows.
	 */
	static final Duration LONGEST = Duration.ofDays(3650);

	private final String name;

	private final TokenIssuer issuer;

	private final @Nullable TokenStore store;

	private final @Nullable String refreshToken;

	private final Duration defaultLifetime;

	private final Duration expiryMargin;

	private final Duration responseTimeout;

	private final Duration maxWait;

	private final Duration maxLease;

	private final double renewAt;

	private final double renewalJitter;

	private final boolean keepAlive;

	private final Duration initialBackoff;

	private final Duration maxBackoff;

	private final int maxRenewals;

	private final Duration rejectionWindow;

	private final long maximumSubjects;

	private final Duration subjectExpireAfterIdle;

	private final Duration awaitSignIn;

	private final @Nullable DpopProofs dpop;

	private ClientSettings(Builder builder) {
		this.name = builder.name;
		this.issuer = builder.issuer;
		this.store = builder.store;
		this.refreshToken = builder.refreshToken;
		this.defaultLifetime = bounded(builder.defaultLifetime);
		this.expiryMargin = bounded(builder.expiryMargin);
		this.responseTimeout = bounded(builder.responseTimeout);
		this.maxWait = bounded(builder.maxWait);
		this.maxLease = bounded(builder.maxLease);
		this.renewAt = builder.renewAt;
		this.renewalJitter = builder.renewalJitter;
		this.keepAlive = builder.keepAlive;
		this.initialBackoff = bounded(builder.initialBackoff);
		this.maxBackoff = bounded(builder.maxBackoff);
		this.maxRenewals = builder.maxRenewals;
		this.rejectionWindow = bounded(builder.rejectionWindow);
		this.maximumSubjects = builder.maximumSubjects;
		this.subjectExpireAfterIdle = bounded(builder.subjectExpireAfterIdle);
		this.awaitSignIn = bounded(builder.awaitSignIn);
		this.dpop = builder.dpop;
	}

	/**
	 * Return a duration that can be added to any time.
	 */
	static Duration bounded(Duration duration) {
		return (duration.compareTo(LONGEST) < 0) ? duration : LONGEST;
	}

	/**
	 * Start the settings of a client.
	 * @param name the client's name
	 * @param issuer where its tokens come from
	 * @return a builder with the documented defaults
	 */
	public static Builder of(String name, TokenIssuer issuer) {
		return new Builder(name, issuer);
	}

	/**
	 * Return the client's name.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	TokenIssuer issuer() {
		return this.issuer;
	}

	@Nullable TokenStore store() {
		return this.store;
	}

	@Nullable String refreshToken() {
		return this.refreshToken;
	}

	Duration defaultLifetime() {
		return this.defaultLifetime;
	}

	Duration expiryMargin() {
		return this.expiryMargin;
	}

	Duration responseTimeout() {
		return this.responseTimeout;
	}

	Duration maxWait() {
		return this.maxWait;
	}

	Duration maxLease() {
		return this.maxLease;
	}

	double renewAt() {
		return this.renewAt;
	}

	double renewalJitter() {
		return this.renewalJitter;
	}

	boolean keepAlive() {
		return this.keepAlive;
	}

	Duration initialBackoff() {
		return this.initialBackoff;
	}

	Duration maxBackoff() {
		return this.maxBackoff;
	}

	int maxRenewals() {
		return this.maxRenewals;
	}

	Duration rejectionWindow() {
		return this.rejectionWindow;
	}

	long maximumSubjects() {
		return this.maximumSubjects;
	}

	Duration subjectExpireAfterIdle() {
		return this.subjectExpireAfterIdle;
	}

	Duration awaitSignIn() {
		return this.awaitSignIn;
	}

	@Nullable DpopProofs dpop() {
		return this.dpop;
	}

	/**
	 * Builds {@link ClientSettings}. Every method refuses what makes no sense with an
	 * {@link IllegalArgumentException} whose message reads on from the setting's name.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final String name;

		private final TokenIssuer issuer;

		private @Nullable TokenStore store;

		private @Nullable String refreshToken;

		private Duration defaultLifetime = Duration.ofMinutes(5);

		private Duration expiryMargin = Duration.ofSeconds(10);

		private Duration responseTimeout = Duration.ofSeconds(5);

		private Duration maxWait = Duration.ofSeconds(10);

		private Duration maxLease = Duration.ofHours(24);

		private double renewAt = 0.8;

		private double renewalJitter = 0.05;

		private boolean keepAlive;

		private Duration initialBackoff = Duration.ofMillis(500);

		private Duration maxBackoff = Duration.ofSeconds(30);

		private int maxRenewals = 5;

		private Duration rejectionWindow = Duration.ofSeconds(30);

		private long maximumSubjects = 10_000;

		private Duration subjectExpireAfterIdle = Duration.ofMinutes(30);

		private Duration awaitSignIn = Duration.ZERO;

		private @Nullable DpopProofs dpop;

		private Builder(String name, TokenIssuer issuer) {
			this.name = Objects.requireNonNull(name, "name");
			this.issuer = Objects.requireNonNull(issuer, "issuer");
		}

		/**
		 * Set where this client's token sets rest, in place of the manager's store.
		 * @param store the store, or {@code null} for the manager's
		 * @return this builder
		 */
		public Builder store(@Nullable TokenStore store) {
			this.store = store;
			return this;
		}

		/**
		 * Set the refresh token that the service's own key starts with.
		 * @param refreshToken the refresh token, or {@code null} for none
		 * @return this builder
		 */
		public Builder refreshToken(@Nullable String refreshToken) {
			this.refreshToken = refreshToken;
			return this;
		}

		/**
		 * Set the lifetime of an access token for which neither the response nor the
		 * token itself names one. The default is 5 minutes.
		 * @param defaultLifetime the lifetime, positive
		 * @return this builder
		 */
		public Builder defaultLifetime(Duration defaultLifetime) {
			this.defaultLifetime = requirePositive(defaultLifetime);
			return this;
		}

		/**
		 * Set how long before its expiry a token is renewed at the latest; at most 10 %
		 * of its lifetime are used. The default is 10 seconds.
		 * @param expiryMargin the margin, zero or positive
		 * @return this builder
		 */
		public Builder expiryMargin(Duration expiryMargin) {
			if (expiryMargin.isNegative()) {
				throw new IllegalArgumentException("must be zero or positive, but is " + expiryMargin);
			}
			this.expiryMargin = expiryMargin;
			return this;
		}

		/**
		 * Set how long one flight may take. The default is 5 seconds.
		 * @param responseTimeout the bound, positive
		 * @return this builder
		 */
		public Builder responseTimeout(Duration responseTimeout) {
			this.responseTimeout = requirePositive(responseTimeout);
			return this;
		}

		/**
		 * Set how long one caller may wait for a token. The default is 10 seconds.
		 * @param maxWait the bound, positive
		 * @return this builder
		 */
		public Builder maxWait(Duration maxWait) {
			this.maxWait = requirePositive(maxWait);
			return this;
		}

		/**
		 * Set how long a lease may last. The default is 24 hours.
		 * @param maxLease the bound, positive
		 * @return this builder
		 */
		public Builder maxLease(Duration maxLease) {
			this.maxLease = requirePositive(maxLease);
			return this;
		}

		/**
		 * Set the part of its lifetime after which a token is renewed. The default is
		 * 0.8.
		 * @param renewAt a fraction, more than 0 and less than 1
		 * @return this builder
		 */
		public Builder renewAt(double renewAt) {
			if (!(renewAt > 0 && renewAt < 1)) {
				throw new IllegalArgumentException(
						"must be a fraction of the lifetime, more than 0 and less than 1, but is " + renewAt);
			}
			this.renewAt = renewAt;
			return this;
		}

		/**
		 * Set the part of its lifetime by which the renewal of a token comes earlier at
		 * random. The default is 0.05.
		 * @param renewalJitter a fraction, at least 0 and less than 1
		 * @return this builder
		 */
		public Builder renewalJitter(double renewalJitter) {
			if (!(renewalJitter >= 0 && renewalJitter < 1)) {
				throw new IllegalArgumentException(
						"must be a fraction of the lifetime, at least 0 and less than 1, but is " + renewalJitter);
			}
			this.renewalJitter = renewalJitter;
			return this;
		}

		/**
		 * Set whether a token of the service's own key is renewed though nobody has used
		 * it since its last renewal. Those of subjects are renewed when they are used.
		 * The default is {@code false}.
		 * @param keepAlive whether to keep unused tokens alive
		 * @return this builder
		 */
		public Builder keepAlive(boolean keepAlive) {
			this.keepAlive = keepAlive;
			return this;
		}

		/**
		 * Set the upper bound of the cooldown after a first failed flight. It doubles
		 * with each further failure. The default is 500 milliseconds.
		 * @param initialBackoff the bound, positive
		 * @return this builder
		 */
		public Builder initialBackoff(Duration initialBackoff) {
			this.initialBackoff = requirePositive(initialBackoff);
			return this;
		}

		/**
		 * Set the upper bound of every cooldown that the issuer did not ask for. The
		 * default is 30 seconds.
		 * @param maxBackoff the bound, positive
		 * @return this builder
		 */
		public Builder maxBackoff(Duration maxBackoff) {
			this.maxBackoff = requirePositive(maxBackoff);
			return this;
		}

		/**
		 * Set how many rejected tokens are replaced within one window. The default is 5.
		 * @param maxRenewals the number, 0 or more; 0 passes every 401 on
		 * @return this builder
		 */
		public Builder maxRenewals(int maxRenewals) {
			if (maxRenewals < 0) {
				throw new IllegalArgumentException("must be 0 or more, but is " + maxRenewals);
			}
			this.maxRenewals = maxRenewals;
			return this;
		}

		/**
		 * Set the window in which rejected tokens are counted. The default is 30 seconds.
		 * @param rejectionWindow the window, positive
		 * @return this builder
		 */
		public Builder rejectionWindow(Duration rejectionWindow) {
			this.rejectionWindow = requirePositive(rejectionWindow);
			return this;
		}

		/**
		 * Set how many subjects' keys are kept. Beyond that, those that are used least
		 * are forgotten, their refresh tokens included: what no {@code TokenStore} keeps
		 * is gone, and the subject has to log in again. So it is to be more than the
		 * number of subjects who are active within
		 * {@link #subjectExpireAfterIdle(Duration)}. The default is 10,000.
		 * @param maximumSubjects the number, 1 or more
		 * @return this builder
		 */
		public Builder maximumSubjects(long maximumSubjects) {
			if (maximumSubjects < 1) {
				throw new IllegalArgumentException("must be 1 or more, but is " + maximumSubjects);
			}
			this.maximumSubjects = maximumSubjects;
			return this;
		}

		/**
		 * Set how long a subject's key is kept though nobody asks for it, after which it
		 * is forgotten like one too many. So it is to be as long as a session of the
		 * application. The default is 30 minutes.
		 * @param subjectExpireAfterIdle the time, positive
		 * @return this builder
		 */
		public Builder subjectExpireAfterIdle(Duration subjectExpireAfterIdle) {
			this.subjectExpireAfterIdle = requirePositive(subjectExpireAfterIdle);
			return this;
		}

		/**
		 * Set how long a call on a signed-out key waits for {@code TokenManager.put},
		 * which lets it go on, before it fails. The wait for a flight that may follow has
		 * its own bound. The default is zero: the call fails at once.
		 * @param awaitSignIn the time, zero or positive
		 * @return this builder
		 */
		public Builder awaitSignIn(Duration awaitSignIn) {
			if (awaitSignIn.isNegative()) {
				throw new IllegalArgumentException("must be zero or positive, but is " + awaitSignIn);
			}
			this.awaitSignIn = awaitSignIn;
			return this;
		}

		/**
		 * Set what shows resource servers that the client holds the key to which its
		 * tokens are bound (RFC 9449). The issuer has to use the same.
		 * @param dpop the proofs, or {@code null} for bearer tokens, as by default
		 * @return this builder
		 */
		public Builder dpop(@Nullable DpopProofs dpop) {
			this.dpop = dpop;
			return this;
		}

		/**
		 * Build the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if two settings contradict each other
		 */
		public ClientSettings build() {
			if (this.renewalJitter >= this.renewAt) {
				throw new IllegalArgumentException("The renewal jitter of client '" + this.name
						+ "' must be less than its renewal point " + this.renewAt + ", but is " + this.renewalJitter);
			}
			if (this.initialBackoff.compareTo(this.maxBackoff) > 0) {
				throw new IllegalArgumentException("The initial backoff of client '" + this.name
						+ "' must not exceed its maximum " + this.maxBackoff + ", but is " + this.initialBackoff);
			}
			return new ClientSettings(this);
		}

		private static Duration requirePositive(Duration duration) {
			if (duration.isZero() || duration.isNegative()) {
				throw new IllegalArgumentException("must be positive, but is " + duration);
			}
			return duration;
		}

	}

}
