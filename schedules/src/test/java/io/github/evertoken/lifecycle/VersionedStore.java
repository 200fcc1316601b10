package io.github.evertoken.lifecycle;

import java.util.HashMap;
import java.util.Map;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoreChange;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A store that keeps to its contract, in memory.
 */
class VersionedStore implements TokenStore {

	private final Map<TokenKey, StoredTokenSet> records = new HashMap<>();

	private final Sinks.Many<StoreChange> changes = Sinks.many().multicast().directBestEffort();

	private int failures;

	synchronized void failsToSaveOnce() {
		this.failures = 1;
	}

	synchronized StoredTokenSet record(TokenKey key) {
		return this.records.get(key);
	}

	/**
	 * Write as another process would, and tell of it.
	 */
	void writeElsewhere(TokenKey key, TokenSet tokens) {
		synchronized (this) {
			this.records.put(key, StoredTokenSet.of(key, version(key) + 1, tokens));
		}
		this.changes.tryEmitNext(StoreChange.of(key));
	}

	private long version(TokenKey key) {
		StoredTokenSet record = this.records.get(key);
		return (record != null) ? record.version() : 0;
	}

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return Mono.fromSupplier(() -> record(key));
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return Mono.fromSupplier(() -> saved(key, expected, tokenSet));
	}

	protected synchronized SaveResult saved(TokenKey key, long expected, TokenSet tokenSet) {
		if (this.failures > 0) {
			this.failures--;
			throw new IllegalStateException("The store is away");
		}
		if (version(key) != expected) {
			return SaveResult.conflict(record(key));
		}
		return overwritten(key, tokenSet);
	}

	protected final synchronized SaveResult overwritten(TokenKey key, TokenSet tokenSet) {
		long version = version(key) + 1;
		this.records.put(key, StoredTokenSet.of(key, version, tokenSet));
		return SaveResult.saved(version);
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return Mono.fromSupplier(() -> removed(key));
	}

	private synchronized long removed(TokenKey key) {
		long version = version(key) + 1;
		this.records.put(key, StoredTokenSet.removed(key, version));
		return version;
	}

	@Override
	public Flux<StoreChange> changes() {
		return this.changes.asFlux();
	}

}
