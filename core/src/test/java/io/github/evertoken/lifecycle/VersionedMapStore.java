
package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A store with versions, in which each kind of step can be made to fail or to take time.
 */
class VersionedMapStore implements TokenStore {

	private final Map<TokenKey, StoredTokenSet> records = new ConcurrentHashMap<>();

	private final List<String> steps = new ArrayList<>();

	UnaryOperator<Mono<StoredTokenSet>> loading = (step) -> step;

	UnaryOperator<Mono<SaveResult>> saving = (step) -> step;

	UnaryOperator<Mono<Long>> removing = (step) -> step;

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return this.loading.apply(Mono.fromSupplier(() -> this.records.get(key)));
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return this.saving.apply(Mono.fromSupplier(() -> {
			StoredTokenSet current = this.records.get(key);
			long version = version(key);
			if (version != expected && current != null) {
				return SaveResult.conflict(current);
			}
			this.steps.add("save " + tokenSet.refreshToken());
			this.records.put(key, StoredTokenSet.of(key, Math.max(version, expected) + 1, tokenSet));
			return SaveResult.saved(version(key));
		}));
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return this.removing.apply(Mono.fromSupplier(() -> {
			this.steps.add("remove");
			this.records.put(key, StoredTokenSet.removed(key, version(key) + 1));
			return version(key);
		}));
	}

	/**
	 * Somebody else changes a record.
	 */
	void write(StoredTokenSet record) {
		this.records.put(record.key(), record);
	}

	long version(TokenKey key) {
		StoredTokenSet current = this.records.get(key);
		return (current != null) ? current.version() : 0;
	}

	@Nullable TokenSet rests(TokenKey key) {
		StoredTokenSet current = this.records.get(key);
		return (current != null) ? current.tokenSet() : null;
	}

	@Nullable String refreshToken(TokenKey key) {
		TokenSet rests = rests(key);
		return (rests != null) ? rests.refreshToken() : null;
	}

}
