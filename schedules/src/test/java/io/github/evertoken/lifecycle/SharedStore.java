package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoredTokenSet;
import reactor.core.publisher.Mono;

/**
 * A store that replicas share, in memory. Its time stands still: a lease ends by what
 * somebody does, or never.
 */
class SharedStore extends VersionedStore implements SharedTokenStore {

	private static final Duration LEASE = Duration.ofMinutes(5);

	// Guarded by the lock of this object.
	private final Map<TokenKey, Lease> leases = new HashMap<>();

	// Guarded by the lock of this object: whose turn is over before it comes.
	private final Map<String, Boolean> ended = new HashMap<>();

	private long fence;

	/**
	 * Tell whether a lease was left that nobody will end.
	 */
	synchronized boolean isHeld() {
		return !this.leases.isEmpty();
	}

	@Override
	public Duration lease() {
		return LEASE;
	}

	@Override
	public Mono<Claim> claim(TokenKey key, ClaimRequest request) {
		return Mono.fromSupplier(() -> claimed(key, request));
	}

	private synchronized Claim claimed(TokenKey key, ClaimRequest request) {
		StoredTokenSet record = record(key);
		Lease held = this.leases.get(key);
		if (held != null && held.nonce().equals(request.nonce())) {
			return Claim.won(held, record, false);
		}
		if (record != null && record.version() > request.knownVersion() && record.tokenSet() != null
				&& record.version() != request.rejectedVersion()) {
			return Claim.fresh(record);
		}
		if (held != null || this.ended.containsKey(request.nonce())) {
			return Claim.busy(Duration.ofSeconds(1), Duration.ZERO, "another");
		}
		Lease lease = Lease.of(key, request, ++this.fence, (record != null) ? record.version() : 0, LEASE);
		this.leases.put(key, lease);
		return Claim.won(lease, record, false);
	}

	@Override
	public Mono<SaveResult> commit(Lease lease, TokenSet tokenSet) {
		return Mono.fromSupplier(() -> saved(lease.key(), lease.version(), tokenSet));
	}

	/**
	 * A record of another version has no lease.
	 */
	@Override
	protected synchronized SaveResult saved(TokenKey key, long expected, TokenSet tokenSet) {
		SaveResult result = super.saved(key, expected, tokenSet);
		if (result.isSaved()) {
			this.leases.remove(key);
		}
		return result;
	}

	@Override
	public Mono<Void> abandon(Lease lease, SharedFailure failure) {
		return release(lease);
	}

	@Override
	public Mono<Void> release(Lease lease) {
		return Mono.fromRunnable(() -> ended(lease));
	}

	private synchronized void ended(Lease lease) {
		this.ended.put(lease.nonce(), true);
		Lease held = this.leases.get(lease.key());
		if (held != null && held.nonce().equals(lease.nonce())) {
			this.leases.remove(lease.key());
		}
	}

}
