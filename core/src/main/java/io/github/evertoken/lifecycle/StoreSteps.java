package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver.StoreOperation;
import io.github.evertoken.TokenObserver.StoreOutcome;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The steps of one client's token store, each bounded in time. A step that fails or takes
 * too long ends with a {@link TokenStoreException}; what a store answers against its
 * contract counts as such a failure.
 */
final class StoreSteps {

	private static final int MOST_CONFLICTS = 16;

	private final TokenStore store;

	private final ManagerResources resources;

	private final Timer timer;

	private final long timeout;

	private final Observations observations;

	private final @Nullable SharedSteps shared;

	private final FaultLog foreign = new FaultLog();

	private final FaultLog behind = new FaultLog();

	// Written by each step that ends, in whatever order: the last one that has ended
	// decides whether the store is away.
	private volatile @Nullable Moment awaySince;

	StoreSteps(ClientSettings settings, ManagerResources resources, Observations observations) {
		this.store = (settings.store() != null) ? settings.store() : resources.store();
		this.resources = resources;
		this.observations = observations;
		this.timer = resources.timer();
		this.timeout = settings.storeTimeout().toMillis();
		SharedTokenStore shared = SharedTokenStore.of(this.store);
		this.shared = (shared != null) ? new SharedSteps(shared, this, settings, resources) : null;
	}

	/**
	 * Tell whether there is nothing beside the manager's memory.
	 */
	boolean areNone() {
		return this.store == TokenStore.inMemory();
	}

	TokenStore store() {
		return this.store;
	}

	/**
	 * Return the record of a key, empty if there has never been one.
	 */
	Mono<StoredTokenSet> load(TokenKey key) {
		return bounded(key, Mono.defer(() -> this.store.load(key)), StoreOperation.LOAD)
			.flatMap((stored) -> isOf(key, stored) ? Mono.just(stored)
					: Mono.error(new TokenStoreException(key, "loaded from", null)));
	}

	/**
	 * Whoever believed a record of another key would send somebody else's token.
	 */
	boolean isOf(TokenKey key, StoredTokenSet stored) {
		boolean own = stored.key().equals(key.withoutSubjectToken());
		if (!own) {
			this.foreign.warn(this.resources.now(),
					"The token store answers for {} when it is asked for {}, and is not believed: {}", stored.key(),
					key, this.store);
		}
		return own;
	}

	/**
	 * The store has an older record than it had before. Whoever knows the newer one goes
	 * on with that.
	 */
	void isBehind(TokenKey key, long version, long known) {
		this.behind.warn(this.resources.now(),
				"The token store has version {} of {} after it had version {}, which is older and does not count: {}",
				version, key, known, this.store);
	}

	/**
	 * Replace the record of the expected version. A record that is not newer than what it
	 * is replaced by is no reason to conflict: the store has lost what it had, and is
	 * told anew.
	 */
	Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokens) {
		return step(key, expected, tokens).flatMap((result) -> {
			if (result.isSaved() || result.version() > expected) {
				return Mono.just(result);
			}
			isBehind(key, result.version(), expected);
			return step(key, result.version(), tokens);
		});
	}

	private Mono<SaveResult> step(TokenKey key, long expected, TokenSet tokens) {
		return bounded(key, Mono.defer(() -> this.store.save(key, expected, tokens))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The store has not said what became of it"))),
				StoreOperation.SAVE)
			.flatMap((result) -> (result.current() == null || isOf(key, result.current())) ? Mono.just(result)
					: Mono.error(new TokenStoreException(key, "saved to", null)));
	}

	/**
	 * Replace the record, whichever it is.
	 * @return the version of the new one
	 */
	Mono<Long> overwrite(TokenKey key, TokenSet tokens) {
		return load(key).map(StoredTokenSet::version)
			.defaultIfEmpty(0L)
			.flatMap((version) -> overwrite(key, version, tokens, MOST_CONFLICTS));
	}

	private Mono<Long> overwrite(TokenKey key, long expected, TokenSet tokens, int conflicts) {
		return save(key, expected, tokens).flatMap((result) -> {
			if (result.isSaved()) {
				return Mono.just(result.version());
			}
			return (conflicts > 0) ? overwrite(key, result.version(), tokens, conflicts - 1)
					: Mono.error(new TokenStoreException(key, "saved to", null));
		});
	}

	/**
	 * Leave a tombstone.
	 * @return its version
	 */
	Mono<Long> remove(TokenKey key) {
		return bounded(key, Mono.defer(() -> this.store.remove(key))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The store has not said what became of it"))),
				StoreOperation.REMOVE);
	}

	/**
	 * Return what agrees with other replicas, {@code null} if the store cannot.
	 */
	@Nullable SharedSteps shared() {
		return this.shared;
	}

	private void isAway() {
		if (this.awaySince == null) {
			this.awaySince = this.resources.now();
		}
	}

	/**
	 * Return since when all steps have failed, {@code null} if the last one has not.
	 */
	@Nullable Moment awaySince() {
		return this.awaySince;
	}

	private <T> Mono<T> bounded(TokenKey key, Mono<T> step, StoreOperation operation) {
		return bounded(key, step, operation, (answer) -> StoreOutcome.SUCCESS);
	}

	<T> Mono<T> bounded(TokenKey key, Mono<T> step, StoreOperation operation,
			Function<@Nullable T, StoreOutcome> outcome) {
		return this.observations.storeStep(operation, step.timeout(this.timer.signal(this.timeout)), outcome)
			.doOnSuccess((answer) -> this.awaySince = null)
			.doOnError((ex) -> isAway())
			.onErrorMap((ex) -> !(ex instanceof TokenStoreException), (ex) -> failure(key, named(operation), ex));
	}

	private static String named(StoreOperation operation) {
		return switch (operation) {
			case LOAD -> "loaded from";
			case SAVE, COMMIT -> "saved to";
			case REMOVE -> "removed from";
			case CLAIM -> "claimed from";
			case ABANDON -> "given back to";
		};
	}

	private TokenStoreException failure(TokenKey key, String what, Throwable ex) {
		return new TokenStoreException(key, what, (ex instanceof TimeoutException)
				? new TimeoutException("No answer within " + Duration.ofMillis(this.timeout)) : ex);
	}

}
