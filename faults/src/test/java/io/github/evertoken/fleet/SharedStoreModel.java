package io.github.evertoken.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.StoreChange;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;

/**
 * What a shared store does, as plain steps of its own time: each is atomic, and nothing
 * is between the replica and it.
 */
final class SharedStoreModel {

	private final Map<TokenKey, Entry> entries = new HashMap<>();

	private final LongSupplier millis;

	private final Duration lease;

	private Consumer<StoreChange> changes = (change) -> {
	};

	private long steps;

	SharedStoreModel(LongSupplier millis, Duration lease) {
		this.millis = millis;
		this.lease = lease;
	}

	Duration lease() {
		return this.lease;
	}

	/**
	 * Return how many steps there were.
	 */
	long steps() {
		return this.steps;
	}

	void onChange(Consumer<StoreChange> changes) {
		this.changes = changes;
	}

	@Nullable StoredTokenSet load(TokenKey key) {
		this.steps++;
		return entry(key).record;
	}

	SaveResult save(TokenKey key, long expected, TokenSet tokens) {
		this.steps++;
		Entry entry = entry(key);
		StoredTokenSet record = entry.record;
		return (record != null && record.version() != expected) ? SaveResult.conflict(record)
				: SaveResult.saved(write(entry, StoreChange.of(key), expected, tokens));
	}

	long remove(TokenKey key) {
		this.steps++;
		return write(entry(key), StoreChange.of(key), 0, null);
	}

	Claim claim(TokenKey key, ClaimRequest request) {
		this.steps++;
		Entry entry = entry(key);
		long now = this.millis.getAsLong();
		Lease last = entry.lease;
		if (last != null && last.nonce().equals(request.nonce()) && entry.holds(last)) {
			return Claim.won(last, entry.record, entry.ambiguous);
		}
		if (request.rejectedVersion() > 0 && request.rejectedVersion() == entry.version()) {
			entry.rejected = true;
		}
		StoredTokenSet record = entry.record;
		if (record != null && record.version() > request.knownVersion() && !entry.rejected && isValid(record, now)) {
			return Claim.fresh(record);
		}
		if (last != null && entry.holds(last) && now < entry.leaseEnd) {
			return Claim.busy(Duration.ofMillis(entry.leaseEnd - now), Duration.ofMillis(now - entry.leaseStart),
					last.request().replica());
		}
		SharedFailure failure = entry.failure;
		boolean signedOut = failure != null && failure.kind() == SharedFailure.Kind.REAUTHENTICATION;
		if (failure != null && !request.insists() && (signedOut || now < entry.pausedUntil)) {
			return Claim.paused(failure, Duration.ofMillis(Math.max(0, entry.pausedUntil - now)));
		}
		if (request.nonce().equals(entry.lastNonce)) {
			return Claim.busy(Duration.ZERO, Duration.ZERO, null);
		}
		entry.ambiguous |= last != null && entry.holds(last);
		Lease lease = Lease.of(key, request, ++entry.fence, entry.version(), request.leaseWithin(this.lease));
		entry.lease = lease;
		entry.ended = false;
		entry.lastNonce = lease.nonce();
		entry.leaseStart = now;
		entry.leaseEnd = now + lease.duration().toMillis();
		return Claim.won(lease, record, entry.ambiguous);
	}

	private static boolean isValid(StoredTokenSet record, long now) {
		TokenSet tokens = record.tokenSet();
		Instant obtainedAt = (tokens != null) ? tokens.obtainedAt() : null;
		return tokens != null && tokens.accessToken() != null && obtainedAt != null && tokens.expiresIn() != null
				&& obtainedAt.plus(tokens.expiresIn()).toEpochMilli() > now;
	}

	SaveResult commit(Lease lease, TokenSet tokens) {
		this.steps++;
		Entry entry = entry(lease.key());
		StoredTokenSet record = entry.record;
		if (record != null && record.version() > lease.version()) {
			boolean again = lease.nonce().equals(entry.committedBy) && record.tokenSet() != null;
			return again ? SaveResult.saved(record.version()) : SaveResult.conflict(record);
		}
		StoreChange change = new StoreChange(lease.key(), lease.request().renews());
		long version = write(entry, change, Math.max(lease.version(), lease.request().knownVersion()), tokens);
		entry.committedBy = lease.nonce();
		return SaveResult.saved(version);
	}

	void abandon(Lease lease, SharedFailure failure) {
		this.steps++;
		Entry entry = entry(lease.key());
		if (entry.isHeldBy(lease.nonce())) {
			entry.ended = true;
			entry.ambiguous |= failure.ambiguous();
			entry.failure = failure;
			entry.pausedUntil = this.millis.getAsLong() + failure.cooldown().toMillis();
		}
	}

	void release(Lease lease) {
		this.steps++;
		Entry entry = entry(lease.key());
		if (entry.isHeldBy(lease.nonce())) {
			entry.ended = true;
		}
		else if (entry.lease == null || !entry.holds(entry.lease)) {
			entry.lastNonce = lease.nonce();
		}
	}

	/**
	 * Lose the last writes, as a failover may.
	 */
	void putBack(StoredTokenSet record) {
		entry(record.key()).record = record;
	}

	/**
	 * Tell whether a refresh token had been written before a time.
	 */
	boolean hadSeen(TokenKey key, String refreshToken, long millis) {
		Long first = entry(key).seen.get(refreshToken);
		return first != null && first < millis;
	}

	private long write(Entry entry, StoreChange change, long atLeast, @Nullable TokenSet tokens) {
		long version = Math.max(entry.version(), atLeast) + 1;
		entry.record = (tokens != null) ? StoredTokenSet.of(change.key(), version, tokens)
				: StoredTokenSet.removed(change.key(), version);
		entry.ended = true;
		entry.ambiguous = false;
		entry.rejected = false;
		entry.failure = null;
		entry.committedBy = null;
		if (tokens != null && tokens.refreshToken() != null) {
			entry.seen.putIfAbsent(Objects.requireNonNull(tokens.refreshToken()), this.millis.getAsLong());
		}
		this.changes.accept(change);
		return version;
	}

	private Entry entry(TokenKey key) {
		return this.entries.computeIfAbsent(key.withoutSubjectToken(), (any) -> new Entry());
	}

	private static final class Entry {

		private final Map<String, Long> seen = new HashMap<>();

		private @Nullable StoredTokenSet record;

		private boolean rejected;

		private boolean ambiguous;

		private long fence;

		private @Nullable Lease lease;

		private boolean ended = true;

		private long leaseStart;

		private long leaseEnd;

		private @Nullable String lastNonce;

		private @Nullable String committedBy;

		private @Nullable SharedFailure failure;

		private long pausedUntil;

		long version() {
			return (this.record != null) ? this.record.version() : 0;
		}

		/**
		 * Whether the lease has not been ended, though its time may be over.
		 */
		boolean holds(Lease lease) {
			return lease == this.lease && !this.ended;
		}

		boolean isHeldBy(String nonce) {
			return this.lease != null && this.lease.nonce().equals(nonce) && !this.ended;
		}

	}

}
