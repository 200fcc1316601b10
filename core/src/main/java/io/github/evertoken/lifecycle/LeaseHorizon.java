package io.github.evertoken.lifecycle;

import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Until when the leases that are open for one key last. Only their latest end matters: a
 * renewal that aims past it covers them all. Times are those of the monotonic clock.
 */
final class LeaseHorizon {

	static final long NONE = Long.MIN_VALUE;

	// How many leases end when. Changed under the lock of this object, which is held for
	// no longer than that; null while no lease was ever opened, as for nearly every key.
	private @Nullable TreeMap<Long, Integer> ends;

	// The last of `ends`, for the timer and the renewals, which do not lock.
	private volatile long latestEnd = NONE;

	synchronized void open(long end) {
		if (this.ends == null) {
			this.ends = new TreeMap<>();
		}
		this.ends.merge(end, 1, Integer::sum);
		this.latestEnd = this.ends.lastKey();
	}

	synchronized void close(long end) {
		if (this.ends != null) {
			this.ends.computeIfPresent(end, (key, number) -> (number > 1) ? number - 1 : null);
			this.latestEnd = this.ends.isEmpty() ? NONE : this.ends.lastKey();
		}
	}

	/**
	 * Return the end of the lease that ends last, {@link #NONE} if none is open.
	 */
	long latestEnd() {
		return this.latestEnd;
	}

	boolean areOpen(Moment now) {
		return this.latestEnd > now.mono();
	}

	/**
	 * Return in how many milliseconds a new token would last past the end of all leases,
	 * {@code Long.MAX_VALUE} if the one that is held does or no lease is open.
	 */
	long untilRenewal(HeldToken held, Moment now) {
		long end = this.latestEnd;
		return (end == NONE || held.lastsUntil(end)) ? Long.MAX_VALUE : end - held.lifetimeMillis() - now.mono();
	}

}
