package io.github.evertoken.samples.fleet.replica;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.samples.fleet.Fingerprint;
import io.github.evertoken.samples.fleet.Step;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoreChange;
import io.github.evertoken.store.StoredTokenSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A shared store that may end the JVM before and after each step, and that tells what was
 * committed.
 */
final class HaltingTokenStore implements SharedTokenStore {

	private final SharedTokenStore store;

	private final HaltSwitch haltSwitch;

	private final Report report;

	HaltingTokenStore(SharedTokenStore store, HaltSwitch haltSwitch, Report report) {
		this.store = store;
		this.haltSwitch = haltSwitch;
		this.report = report;
	}

	@Override
	public Mono<Claim> claim(TokenKey key, ClaimRequest request) {
		return Mono.defer(() -> {
			this.haltSwitch.reached(Step.BEFORE_CLAIM, key);
			return this.store.claim(key, request);
		}).doOnNext((claim) -> {
			if (claim instanceof Claim.Won) {
				this.haltSwitch.reached(Step.AFTER_CLAIM, key);
			}
		});
	}

	@Override
	public Mono<SaveResult> commit(Lease lease, TokenSet tokenSet) {
		return Mono.defer(() -> {
			this.haltSwitch.reached(Step.BEFORE_COMMIT, lease.key());
			return this.store.commit(lease, tokenSet);
		}).doOnNext((result) -> committed(lease.key(), tokenSet, result));
	}

	private void committed(TokenKey key, TokenSet tokenSet, SaveResult result) {
		String refreshToken = tokenSet.refreshToken();
		if (refreshToken != null && result.isSaved()) {
			this.report.tell("committed", key.subject(), Fingerprint.of(refreshToken), result.version());
		}
		this.haltSwitch.reached(Step.AFTER_COMMIT, key);
	}

	@Override
	public Mono<Void> abandon(Lease lease, SharedFailure failure) {
		return this.store.abandon(lease, failure);
	}

	@Override
	public Mono<Void> release(Lease lease) {
		return this.store.release(lease);
	}

	@Override
	public Flux<StoreChange> changes() {
		return this.store.changes();
	}

	@Override
	public Duration lease() {
		return this.store.lease();
	}

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return this.store.load(key);
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return this.store.save(key, expected, tokenSet);
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return this.store.remove(key);
	}

}
