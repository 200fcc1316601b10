package io.github.evertoken.lifecycle;

import java.time.Duration;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenIssuer;
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

	private static final long DEADLINE_SLACK = 1000;

	private static final Duration LEAST_REFRESH_DEADLINE = Duration.ofSeconds(30);

	private static final Duration LONGEST_DELAY = Duration.ofSeconds(25);

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

	private final @Nullable Duration sessionWarning;

	private final int maxRenewals;

	private final Duration rejectionWindow;

	private final long maximumSubjects;

	private final Duration subjectExpireAfterIdle;

	private final Duration awaitSignIn;

	private final Backoff backoff;

	private final Duration refreshDeadline;

	private final Duration storeTimeout;

	private final int maxConcurrentRequests;

	private final AfterCrash afterCrash;

	private final Duration rotationGrace;

	private final @Nullable ProofOfPossession dpop;

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
		this.sessionWarning = (builder.sessionWarning != null) ? bounded(builder.sessionWarning) : null;
		this.backoff = new Backoff(millis(builder.initialBackoff), millis(builder.maxBackoff),
				millis(builder.patience));
		this.refreshDeadline = bounded((builder.refreshDeadline != null) ? builder.refreshDeadline
				: refreshDeadlineAfter(builder.responseTimeout));
		this.storeTimeout = bounded(builder.storeTimeout);
		this.maxConcurrentRequests = builder.maxConcurrentRequests;
		this.maxRenewals = builder.maxRenewals;
		this.rejectionWindow = bounded(builder.rejectionWindow);
		this.maximumSubjects = builder.maximumSubjects;
		this.subjectExpireAfterIdle = bounded(builder.subjectExpireAfterIdle);
		this.awaitSignIn = bounded(builder.awaitSignIn);
		this.afterCrash = builder.afterCrash;
		this.rotationGrace = bounded(builder.rotationGrace);
		this.dpop = builder.dpop;
	}

	/**
	 * Return a duration that can be added to any time.
	 */
	static Duration bounded(Duration duration) {
		return (duration.compareTo(LONGEST) < 0) ? duration : LONGEST;
	}

	/**
	 * Return a duration in milliseconds that can be added to any time.
	 */
	static long millis(Duration duration) {
		return bounded(duration).toMillis();
	}

	/**
	 * Return for how long a refresh token may be on its way where nothing else is
	 * {@linkplain Builder#refreshDeadline set}: 25 seconds longer than anybody waits for
	 * it, and 30 seconds at least.
	 * @param responseTimeout how long a caller waits for one answer of the issuer
	 * @return the bound
	 */
	public static Duration refreshDeadlineAfter(Duration responseTimeout) {
		Duration deadline = bounded(responseTimeout).plus(LONGEST_DELAY);
		return (deadline.compareTo(LEAST_REFRESH_DEADLINE) > 0) ? deadline : LEAST_REFRESH_DEADLINE;
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

	@Nullable Duration sessionWarning() {
		return this.sessionWarning;
	}

	Backoff backoff() {
		return this.backoff;
	}

	Duration refreshDeadline() {
		return this.refreshDeadline;
	}

	Duration storeTimeout() {
		return this.storeTimeout;
	}

	int maxConcurrentRequests() {
		return this.maxConcurrentRequests;
	}

	/**
	 * Return after how many milliseconds an attempt counts as none, should everything
	 * else have failed to end it.
	 * @param redeeming whether a refresh token is on its way with it
	 */
	long deadline(boolean redeeming) {
		return millis(redeeming ? this.refreshDeadline : this.responseTimeout) + DEADLINE_SLACK;
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

	AfterCrash afterCrash() {
		return this.afterCrash;
	}

	Duration rotationGrace() {
		return this.rotationGrace;
	}

	@Nullable ProofOfPossession dpop() {
		return this.dpop;
	}

	/**
	 * Builds {@link ClientSettings}. Every method refuses what makes no sense with an
	 * {@link IllegalArgumentException} whose message reads on from the setting's name.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder extends SettingsBuilder<Builder> {

		private Builder(String name, TokenIssuer issuer) {
			super(name, issuer);
		}

		@Override
		Builder self() {
			return this;
		}

		/**
		 * Build the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if two settings contradict each other
		 */
		public ClientSettings build() {
			requireHarmony();
			return new ClientSettings(this);
		}

	}

}
