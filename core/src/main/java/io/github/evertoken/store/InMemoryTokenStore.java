package io.github.evertoken.store;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;

/**
 * Leaves every token set to the memory that the manager has of it anyway.
 */
final class InMemoryTokenStore implements TokenStore {

	static final InMemoryTokenStore INSTANCE = new InMemoryTokenStore();

	private InMemoryTokenStore() {
	}

	@Override
	public Mono<TokenSet> load(TokenKey key) {
		return Mono.empty();
	}

	@Override
	public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
		return Mono.empty();
	}

	@Override
	public Mono<Void> remove(TokenKey key) {
		return Mono.empty();
	}

	@Override
	public String toString() {
		return "TokenStore.inMemory()";
	}

}
