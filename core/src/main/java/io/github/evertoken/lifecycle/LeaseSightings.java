package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.TokenKey;
import io.github.evertoken.store.Claim;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the leases that other replicas have on the keys of one client, for
 * those who look.
 */
final class LeaseSightings {

	private static final int MOST = 1000;

	private final ConcurrentHashMap<TokenKey, Sighting> sightings = new ConcurrentHashMap<>();

	/**
	 * A lease.
	 *
	 * @param replica who has it, {@code null} if it has not said
	 * @param since when it began, by the monotonic clock
	 * @param until when it ends at the latest, by the monotonic clock
	 */
	record Sighting(@Nullable String replica, long since, long until) {
	}

	/**
	 * Another replica has a lease.
	 */
	void seen(TokenKey key, Claim.Busy busy, Moment now) {
		if (this.sightings.size() >= MOST) {
			this.sightings.values().removeIf((sighting) -> sighting.until() <= now.mono());
		}
		long held = ClientSettings.millis(busy.held());
		long remaining = ClientSettings.millis(busy.remaining());
		if (this.sightings.size() < MOST) {
			this.sightings.put(key.withoutSubjectToken(),
					new Sighting(busy.replica(), now.mono() - held, now.after(remaining)));
		}
	}

	/**
	 * The lease of a key has ended, as far as is known here.
	 */
	void ended(TokenKey key) {
		if (!this.sightings.isEmpty()) {
			this.sightings.remove(key.withoutSubjectToken());
		}
	}

	/**
	 * Return the lease that another replica has on a key, {@code null} if none is known.
	 */
	@Nullable Sighting of(TokenKey key, Moment now) {
		Sighting sighting = this.sightings.get(key.withoutSubjectToken());
		return (sighting != null && sighting.until() > now.mono()) ? sighting : null;
	}

}
