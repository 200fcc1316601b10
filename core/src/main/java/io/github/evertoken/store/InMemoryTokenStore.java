package io.github.evertoken.store;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;

/**
 * Leaves every token set to the memory that the manager has of it anyway: the manager
 * knows this store and does not ask it.
 */
final class InMemoryTokenStore implements TokenStore {

	static final InMemoryTokenStore INSTANCE = new InMemoryTokenStore();

	private InMemoryTokenStore() {
	}

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return Mono.empty();
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return Mono.just(SaveResult.saved(expected + 1));
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return Mono.just(1L);
	}

	@Override
	public String toString() {
		return "TokenStore.inMemory()";
	}

}
