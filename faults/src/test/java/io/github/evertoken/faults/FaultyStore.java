package io.github.evertoken.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A store that outlives its managers, and fails or hangs when it is told to.
 */
final class FaultyStore implements TokenStore {

	private final Map<TokenKey, StoredTokenSet> records = new ConcurrentHashMap<>();

	private volatile Condition condition = Condition.FINE;

	void becomes(Condition condition) {
		this.condition = condition;
	}

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return step(() -> Mono.justOrEmpty(this.records.get(key)));
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return step(() -> Mono.fromSupplier(() -> {
			StoredTokenSet before = this.records.get(key);
			StoredTokenSet after = this.records.compute(key, (any, current) -> (version(current) == expected)
					? StoredTokenSet.of(key, expected + 1, tokenSet) : current);
			return (after != before) ? SaveResult.saved(after.version()) : SaveResult.conflict(after);
		}));
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return step(() -> Mono.fromSupplier(
				() -> this.records.compute(key, (any, current) -> StoredTokenSet.removed(key, version(current) + 1))
					.version()));
	}

	private static long version(@Nullable StoredTokenSet current) {
		return (current != null) ? current.version() : 0;
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
