package io.github.evertoken.benchmarks.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.evertoken.benchmarks.keys.SnapshotKeys.Key;
import io.github.evertoken.benchmarks.keys.SnapshotKeys.Snapshot;

/**
 * What a reactive service takes of Caffeine: futures that callers can share, a maximum
 * size, and entries that expire with their token.
 */
final class AsyncCaffeineKeys implements KeyHolder {

	private final AsyncCache<Key, Snapshot> snapshots = Caffeine.newBuilder()
		.maximumSize(10_000_000)
		.expireAfter(Expiry.<Key, Snapshot>writing(
				(key, snapshot) -> Duration.ofMillis(snapshot.expiresAt() - System.currentTimeMillis())))
		.buildAsync();

	@Override
	public void put(String subject, String token, Instant issuedAt, Instant expiresAt) {
		this.snapshots.put(new Key(CLIENT, subject),
				CompletableFuture.completedFuture(new Snapshot("Bearer " + token, expiresAt.toEpochMilli())));
	}

	@Override
	public boolean isUsable(String subject) {
		CompletableFuture<Snapshot> snapshot = this.snapshots.getIfPresent(new Key(CLIENT, subject));
		return snapshot != null && snapshot.join().isUsable();
	}

}
