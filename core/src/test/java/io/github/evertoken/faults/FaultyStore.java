package io.github.evertoken.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.UnversionedTokenStore;
import reactor.core.publisher.Mono;

/**
 * A store that outlives its managers, and fails or hangs when it is told to.
 */
final class FaultyStore implements UnversionedTokenStore {

	private final Map<TokenKey, TokenSet> tokens = new ConcurrentHashMap<>();

	private volatile Condition condition = Condition.FINE;

	void becomes(Condition condition) {
		this.condition = condition;
	}

	@Override
	public Mono<TokenSet> load(TokenKey key) {
		return step(() -> Mono.justOrEmpty(this.tokens.get(key)));
	}

	@Override
	public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
		return step(() -> Mono.fromRunnable(() -> this.tokens.put(key, tokenSet)));
	}

	@Override
	public Mono<Void> remove(TokenKey key) {
		return step(() -> Mono.fromRunnable(() -> this.tokens.remove(key)));
	}

	private <T> Mono<T> step(Supplier<Mono<T>> step) {
		return Mono.defer(() -> switch (this.condition) {
			case NONE, FINE -> step.get();
			case FAILING -> Mono.error(new IllegalStateException("the store is out of order"));
			case HANGING -> Mono.never();
		});
	}

	enum Condition {

		/**
		 * There is no store.
		 */
		NONE,

		/**
		 * It works.
		 */
		FINE,

		/**
		 * Each of its steps fails.
		 */
		FAILING,

		/**
		 * None of its steps ends.
		 */
		HANGING

	}

}
