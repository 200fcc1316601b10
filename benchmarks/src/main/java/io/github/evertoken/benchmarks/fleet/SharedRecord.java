package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;

/**
 * The record of one key in a shared store, and what each step makes of it: see
 * {@link io.github.evertoken.store.SharedTokenStore}. Its token sets have no refresh
 * token, so that none is ever ambiguous.
 */
final class SharedRecord {

	private final TokenKey key;

	private final LongSupplier millis;

	private final Duration duration;

	private @Nullable StoredTokenSet record;

	private boolean rejected;

	private long fence;

	private @Nullable Lease lease;

	private boolean held;

	private long heldSince;

	private @Nullable String lastNonce;

	private @Nullable String committedBy;

	private @Nullable SharedFailure failure;

	private long pausedUntil;

	/**
	 * Begin with nothing.
	 * @param key the key
	 * @param millis the time of the store
	 * @param duration how long a lease lasts
	 */
	SharedRecord(TokenKey key, LongSupplier millis, Duration duration) {
		this.key = key;
		this.millis = millis;
		this.duration = duration;
	}

	@Nullable StoredTokenSet load() {
		return this.record;
	}

	Claim claim(ClaimRequest request) {
		long now = this.millis.getAsLong();
		Lease last = this.lease;
		if (last != null && this.held && last.nonce().equals(request.nonce())) {
			return Claim.won(last, this.record, false);
		}
		this.rejected |= request.rejectedVersion() > 0 && request.rejectedVersion() == version();
		StoredTokenSet current = this.record;
		if (current != null && current.version() > request.knownVersion() && !this.rejected && isValid(current, now)) {
			return Claim.fresh(current);
		}
		if (last != null && this.held && now < this.heldSince + last.duration().toMillis()) {
			return Claim.busy(Duration.ofMillis(this.heldSince + last.duration().toMillis() - now),
					Duration.ofMillis(now - this.heldSince), last.request().replica());
		}
		SharedFailure failure = this.failure;
		boolean signedOut = failure != null && failure.kind() == SharedFailure.Kind.REAUTHENTICATION;
		if (failure != null && !request.insists() && (signedOut || now < this.pausedUntil)) {
			return Claim.paused(failure, Duration.ofMillis(Math.max(0, this.pausedUntil - now)));
		}
		if (request.nonce().equals(this.lastNonce)) {
			return Claim.busy(Duration.ZERO, Duration.ZERO, null);
		}
		Lease lease = Lease.of(this.key, request, ++this.fence, version(), request.leaseWithin(this.duration));
		this.lease = lease;
		this.held = true;
		this.heldSince = now;
		this.lastNonce = lease.nonce();
		return Claim.won(lease, current, false);
	}

	private static boolean isValid(StoredTokenSet record, long now) {
		TokenSet tokens = record.tokenSet();
		Instant obtainedAt = (tokens != null) ? tokens.obtainedAt() : null;
		return tokens != null && obtainedAt != null && tokens.expiresIn() != null
				&& obtainedAt.plus(tokens.expiresIn()).toEpochMilli() > now;
	}

	SaveResult commit(Lease lease, TokenSet tokens) {
		StoredTokenSet current = this.record;
		if (current != null && current.version() > lease.version()) {
			return lease.nonce().equals(this.committedBy) ? SaveResult.saved(current.version())
					: SaveResult.conflict(current);
		}
		long version = write(Math.max(lease.version(), lease.request().knownVersion()), tokens);
		this.committedBy = lease.nonce();
		return SaveResult.saved(version);
	}

	SaveResult save(long expected, TokenSet tokens) {
		StoredTokenSet current = this.record;
		return (current != null && current.version() != expected) ? SaveResult.conflict(current)
				: SaveResult.saved(write(expected, tokens));
	}

	long remove() {
		return write(0, null);
	}

	void abandon(Lease lease, SharedFailure failure) {
		if (isHeldBy(lease)) {
			this.held = false;
			this.failure = failure;
			this.pausedUntil = this.millis.getAsLong() + failure.cooldown().toMillis();
		}
	}

	void release(Lease lease) {
		if (isHeldBy(lease)) {
			this.held = false;
		}
		else if (!this.held) {
			this.lastNonce = lease.nonce();
		}
	}

	private boolean isHeldBy(Lease lease) {
		return this.held && this.lease != null && this.lease.nonce().equals(lease.nonce());
	}

	private long version() {
		return (this.record != null) ? this.record.version() : 0;
	}

	private long write(long atLeast, @Nullable TokenSet tokens) {
		long version = Math.max(version(), atLeast) + 1;
		this.record = (tokens != null) ? StoredTokenSet.of(this.key, version, tokens)
				: StoredTokenSet.removed(this.key, version);
		this.held = false;
		this.rejected = false;
		this.failure = null;
		this.committedBy = null;
		return version;
	}

}
