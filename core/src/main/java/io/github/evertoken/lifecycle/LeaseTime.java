package io.github.evertoken.lifecycle;

import java.time.Duration;

import io.github.evertoken.store.Lease;
import org.jspecify.annotations.Nullable;

/**
 * How long a lease of a shared store is to be, and until when something may be begun with
 * one.
 */
final class LeaseTime {

	// Where a server takes no refresh token twice, the lease is longer than any redeem:
	// nobody sends what may be on its way. Where it does, for a while, the lease is
	// shorter than that while: a successor comes in time to send it once more.

	private static final Duration MARGIN = Duration.ofSeconds(1);

	/**
	 * The shortest time, in milliseconds, in which whoever is late commits.
	 */
	private static final long LEAST_SETTLE = 2000;

	/**
	 * So many milliseconds after it could not commit, whoever is late tries again.
	 */
	static final long SOON = 250;

	private final ClientSettings settings;

	LeaseTime(ClientSettings settings) {
		this.settings = settings;
	}

	/**
	 * Return how long a lease has to be at least, or zero if the length does not matter.
	 */
	Duration least() {
		return hasGrace() ? Duration.ZERO : redeem().plus(this.settings.storeTimeout()).plus(MARGIN);
	}

	/**
	 * Return the longest time from the claim on that a refresh token may be on its way,
	 * and what it brings may be on its way to the store.
	 */
	private Duration redeem() {
		return this.settings.refreshDeadline().plus(this.settings.storeTimeout());
	}

	/**
	 * Check how long the leases of a store are.
	 * @throws IllegalArgumentException if they are too short
	 */
	void check(Duration lease) {
		if (lease.compareTo(least()) < 0) {
			throw new IllegalArgumentException("The lease of the shared token store is to be " + least().toMillis()
					+ " ms or more, but is " + lease.toMillis() + " ms: client '" + this.settings.name()
					+ "' may have a refresh token on its way for its refresh-deadline of "
					+ this.settings.refreshDeadline().toMillis() + " ms, and would lose the session if another replica"
					+ " sent the same one meanwhile. Lengthen the lease, shorten the refresh-deadline, or set"
					+ " rotation.grace if the authorization server takes a rotated refresh token once more");
		}
	}

	/**
	 * Return for how many milliseconds nobody redeems a refresh token that may be used
	 * up, while the store can be asked: whoever has redeemed it commits in that time,
	 * though one try runs into its time-out and the next one as well.
	 */
	long settle() {
		return Math.max(LEAST_SETTLE, 2 * (SOON + this.settings.storeTimeout().toMillis()) + SOON);
	}

	/**
	 * Return how long a lease is to be at most, {@code null} if the store's own is short
	 * enough.
	 */
	@Nullable Duration most() {
		Duration grace = this.settings.rotationGrace();
		return hasGrace() ? grace.minus(grace.dividedBy(4)) : null;
	}

	boolean hasGrace() {
		return !this.settings.rotationGrace().isZero();
	}

	/**
	 * Tell whether a refresh token may still be sent. Whichever clock has moved on more
	 * is believed: a machine that is suspended stops the one, a correction moves the
	 * other.
	 * @param claimedAt when the claim was sent, which is before the lease began
	 */
	boolean isInTime(Lease lease, Moment claimedAt, Moment now) {
		long passed = Math.max(now.mono() - claimedAt.mono(), now.wall() - claimedAt.wall());
		Duration last = hasGrace() ? lease.duration() : lease.duration().minus(redeem());
		return passed < last.toMillis();
	}

}
