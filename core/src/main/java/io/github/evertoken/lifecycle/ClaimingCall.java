package io.github.evertoken.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * The side of a flight that has to agree with other replicas: what it has found while it
 * waited for its turn.
 */
abstract class ClaimingCall extends NestedCall {

	private static final long NOT_MET = Long.MIN_VALUE;

	private volatile int waits;

	private volatile boolean waiting;

	private volatile long ambiguousSince = NOT_MET;

	private volatile long ambiguousVersion;

	ClaimingCall(TokenLifecycle lifecycle, @Nullable NestedCall outer) {
		super(lifecycle, outer);
	}

	/**
	 * It is another replica's turn.
	 * @return how often that was so before
	 */
	final int waits() {
		this.waiting = true;
		return this.waits++;
	}

	/**
	 * It is looked again whose turn it is.
	 */
	final void looksAgain() {
		this.waiting = false;
	}

	/**
	 * Tell whether the flight waits for another replica.
	 */
	final boolean isWaiting() {
		return this.waiting;
	}

	/**
	 * It is this one's turn, and its refresh token may be used up.
	 * @return for how many milliseconds that is known by now
	 */
	final long ambiguous(long version, Moment now) {
		if (this.ambiguousSince == NOT_MET || this.ambiguousVersion != version) {
			this.ambiguousVersion = version;
			this.ambiguousSince = now.mono();
		}
		return now.mono() - this.ambiguousSince;
	}

	/**
	 * Another replica has had its turn since, or the store could not be asked, so that
	 * nobody could commit: what was known of the refresh token counts from the beginning.
	 */
	final void settlesAnew() {
		this.ambiguousSince = NOT_MET;
	}

}
