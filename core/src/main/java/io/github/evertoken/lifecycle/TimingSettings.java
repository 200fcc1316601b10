package io.github.evertoken.lifecycle;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The part of the settings of a client that is about time: when tokens are renewed, and
 * how long who waits for what.
 *
 * @param <B> the builder
 */
abstract class TimingSettings<B> {

	Duration defaultLifetime = Duration.ofMinutes(5);

	Duration expiryMargin = Duration.ofSeconds(10);

	double renewAt = 0.8;

	double renewalJitter = 0.05;

	boolean keepAlive;

	@Nullable Duration sessionWarning;

	Duration responseTimeout = Duration.ofSeconds(5);

	@Nullable Duration refreshDeadline;

	Duration storeTimeout = Duration.ofMillis(500);

	Duration maxWait = Duration.ofSeconds(10);

	Duration initialBackoff = Duration.ofMillis(500);

	Duration maxBackoff = Duration.ofSeconds(5);

	Duration patience = Duration.ofSeconds(3);

	abstract B self();

	/**
	 * Set the lifetime of an access token for which neither the response nor the token
	 * itself names one. The default is 5 minutes.
	 * @param defaultLifetime the lifetime, positive
	 * @return this builder
	 */
	public B defaultLifetime(Duration defaultLifetime) {
		this.defaultLifetime = requirePositive(defaultLifetime);
		return self();
	}

	/**
	 * Set how long before its expiry a token is renewed at the latest; at most 10 % of
	 * its lifetime are used. The default is 10 seconds.
	 * @param expiryMargin the margin, zero or positive
	 * @return this builder
	 */
	public B expiryMargin(Duration expiryMargin) {
		this.expiryMargin = requireNotNegative(expiryMargin);
		return self();
	}

	/**
	 * Set the part of its lifetime after which a token is renewed. The default is 0.8.
	 * @param renewAt a fraction, more than 0 and less than 1
	 * @return this builder
	 */
	public B renewAt(double renewAt) {
		if (!(renewAt > 0 && renewAt < 1)) {
			throw new IllegalArgumentException(
					"must be a fraction of the lifetime, more than 0 and less than 1, but is " + renewAt);
		}
		this.renewAt = renewAt;
		return self();
	}

	/**
	 * Set the part of its lifetime by which the renewal of a token comes earlier at
	 * random. The default is 0.05.
	 * @param renewalJitter a fraction, at least 0 and less than 1
	 * @return this builder
	 */
	public B renewalJitter(double renewalJitter) {
		if (!(renewalJitter >= 0 && renewalJitter < 1)) {
			throw new IllegalArgumentException(
					"must be a fraction of the lifetime, at least 0 and less than 1, but is " + renewalJitter);
		}
		this.renewalJitter = renewalJitter;
		return self();
	}

	/**
	 * Set whether a token of the service's own key is renewed though nobody has used it
	 * since its last renewal. Those of subjects are renewed when they are used; but where
	 * the end of a refresh token is known, it is renewed before that, whoever it belongs
	 * to and whether it is used or not, as long as its key is held. The default is
	 * {@code false}.
	 * @param keepAlive whether to keep unused tokens alive
	 * @return this builder
	 */
	public B keepAlive(boolean keepAlive) {
		this.keepAlive = keepAlive;
		return self();
	}

	/**
	 * Set how long before the end of a refresh token, where that is known, the
	 * application is told of it ({@link io.github.evertoken.TokenEvent.SessionEnding}).
	 * At most half of its life is used.
	 * @param sessionWarning the time, zero for never, or {@code null}, as by default, for
	 * a tenth of its life and a day at most
	 * @return this builder
	 */
	public B sessionWarning(@Nullable Duration sessionWarning) {
		this.sessionWarning = (sessionWarning != null) ? requireNotNegative(sessionWarning) : null;
		return self();
	}

	/**
	 * Set how long a caller waits for one answer of the issuer. The default is 5 seconds.
	 * @param responseTimeout the bound, positive
	 * @return this builder
	 */
	public B responseTimeout(Duration responseTimeout) {
		this.responseTimeout = requirePositive(responseTimeout);
		return self();
	}

	/**
	 * Set for how long a refresh token may be on its way: those who wait are told after
	 * the {@link #responseTimeout(Duration)}, and the request goes on, because what it
	 * brings may be the only good token set. The default follows the response time-out:
	 * it is 25 seconds more, and 30 seconds at least.
	 * @param refreshDeadline the bound, not less than the response time-out
	 * @return this builder
	 * @see ClientSettings#refreshDeadlineAfter(Duration)
	 */
	public B refreshDeadline(Duration refreshDeadline) {
		this.refreshDeadline = requirePositive(refreshDeadline);
		return self();
	}

	/**
	 * Set how long each step of a token store may take. The default is 500 milliseconds.
	 * @param storeTimeout the bound, positive
	 * @return this builder
	 */
	public B storeTimeout(Duration storeTimeout) {
		this.storeTimeout = requirePositive(storeTimeout);
		return self();
	}

	/**
	 * Set how long one caller may wait for a token. The default is 10 seconds.
	 * @param maxWait the bound, positive
	 * @return this builder
	 */
	public B maxWait(Duration maxWait) {
		this.maxWait = requirePositive(maxWait);
		return self();
	}

	/**
	 * Set the upper bound of the cooldown after a first failed flight. It doubles with
	 * each further failure. The default is 500 milliseconds.
	 * @param initialBackoff the bound, positive
	 * @return this builder
	 */
	public B initialBackoff(Duration initialBackoff) {
		this.initialBackoff = requirePositive(initialBackoff);
		return self();
	}

	/**
	 * Set the upper bound of every cooldown that the issuer did not ask for. The default
	 * is 5 seconds.
	 * @param maxBackoff the bound, positive
	 * @return this builder
	 */
	public B maxBackoff(Duration maxBackoff) {
		this.maxBackoff = requirePositive(maxBackoff);
		return self();
	}

	/**
	 * Set for how long callers wait through failing attempts, from the first failure on,
	 * before they are told. The default is 3 seconds.
	 * @param patience the time, zero or positive
	 * @return this builder
	 */
	public B patience(Duration patience) {
		this.patience = requireNotNegative(patience);
		return self();
	}

	static Duration requirePositive(Duration duration) {
		if (duration.isZero() || duration.isNegative()) {
			throw new IllegalArgumentException("must be positive, but is " + duration);
		}
		return duration;
	}

	static Duration requireNotNegative(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("must be zero or positive, but is " + duration);
		}
		return duration;
	}

}
