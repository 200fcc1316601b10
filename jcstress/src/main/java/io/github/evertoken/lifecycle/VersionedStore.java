package io.github.evertoken.lifecycle;

import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A store that keeps to its contract and answers on the thread that asks.
 */
class VersionedStore implements TokenStore {

	private final ConcurrentHashMap<TokenKey, StoredTokenSet> records = new ConcurrentHashMap<>();

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return Mono.fromSupplier(() -> this.records.get(key));
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return Mono.fromSupplier(() -> {
			StoredTokenSet saved = StoredTokenSet.of(key, expected + 1, tokenSet);
			StoredTokenSet rests = this.records.compute(key,
					(same, current) -> (version(current) == expected) ? saved : current);
			return (rests == saved) ? SaveResult.saved(saved.version()) : SaveResult.conflict(rests);
		});
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return Mono.fromSupplier(
				() -> this.records.compute(key, (same, current) -> StoredTokenSet.removed(key, version(current) + 1))
					.version());
	}

	private static long version(@Nullable StoredTokenSet record) {
		return (record != null) ? record.version() : 0;
	}

	/**
	 * Return the access token that rests for a key, or "none".
	 */
	String rests(TokenKey key) {
		StoredTokenSet record = this.records.get(key);
		TokenSet tokens = (record != null) ? record.tokenSet() : null;
		return (tokens != null) ? String.valueOf(tokens.accessToken()) : "none";
	}

}
