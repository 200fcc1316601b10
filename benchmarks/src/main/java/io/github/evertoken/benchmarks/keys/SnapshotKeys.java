package io.github.evertoken.benchmarks.keys;

import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * The least that a library of its own could hold: a header value and its expiry, found by
 * a key of two names.
 */
final class SnapshotKeys implements KeyHolder {

	private final ConcurrentMap<Key, Snapshot> snapshots;

	private SnapshotKeys(ConcurrentMap<Key, Snapshot> snapshots) {
		this.snapshots = snapshots;
	}

	static SnapshotKeys inMap() {
		return new SnapshotKeys(new ConcurrentHashMap<>());
	}

	static SnapshotKeys inCaffeine() {
		return new SnapshotKeys(Caffeine.newBuilder().maximumSize(10_000_000).<Key, Snapshot>build().asMap());
	}

	@Override
	public void put(String subject, String token, Instant issuedAt, Instant expiresAt) {
		this.snapshots.put(new Key(CLIENT, subject), new Snapshot("Bearer " + token, expiresAt.toEpochMilli()));
	}

	@Override
	public boolean isUsable(String subject) {
		Snapshot snapshot = this.snapshots.get(new Key(CLIENT, subject));
		return snapshot != null && snapshot.isUsable();
	}

	record Key(String client, String subject) {

	}

	record Snapshot(String header, long expiresAt) {

		boolean isUsable() {
			return System.currentTimeMillis() < this.expiresAt;
		}

	}

}
