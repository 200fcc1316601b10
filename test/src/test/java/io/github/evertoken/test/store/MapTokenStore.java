package io.github.evertoken.test.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import reactor.core.publisher.Mono;

/**
 * A store with versions, in memory: as few lines as do.
 */
class MapTokenStore implements TokenStore {

	private final Map<TokenKey, StoredTokenSet> records = new ConcurrentHashMap<>();

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return Mono.fromSupplier(() -> this.records.get(key));
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return Mono.fromSupplier(() -> {
			SaveResult[] result = new SaveResult[1];
			this.records.compute(key, (same, current) -> {
				if (current != null && current.version() != expected) {
					result[0] = SaveResult.conflict(current);
					return current;
				}
				result[0] = SaveResult.saved(expected + 1);
				return StoredTokenSet.of(key, expected + 1, tokenSet);
			});
			return result[0];
		});
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return Mono.fromSupplier(
				() -> this.records
					.compute(key,
							(same, current) -> StoredTokenSet.removed(key,
									(current != null) ? current.version() + 1 : 1))
					.version());
	}

}
