package io.github.evertoken.lifecycle;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver.StoreOperation;
import io.github.evertoken.TokenObserver.StoreOutcome;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The steps by which one client agrees with other replicas, each bounded in time as those
 * of {@link StoreSteps}.
 */
final class SharedSteps {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	/**
	 * So often it is tried to give a lease back. One that is not given back ends by
	 * itself.
	 */
	private static final int MOST_RETURNS = 5;

	private final SharedTokenStore store;

	private final StoreSteps steps;

	private final ClientSettings settings;

	private final ManagerResources resources;

	SharedSteps(SharedTokenStore store, StoreSteps steps, ClientSettings settings, ManagerResources resources) {
		this.store = store;
		this.steps = steps;
		this.settings = settings;
		this.resources = resources;
		new LeaseTime(settings).check(store.lease());
	}

	/**
	 * Claim the record of a key. If the answer is not to be had, whatever it was is given
	 * back.
	 */
	Mono<Claim> claim(TokenKey key, ClaimRequest request) {
		return this.steps
			.bounded(key, Mono.defer(() -> this.store.claim(key, request)).switchIfEmpty(noAnswer()),
					StoreOperation.CLAIM, SharedSteps::outcome)
			.flatMap((claim) -> isOf(key, claim) ? Mono.just(claim)
					: Mono.error(new TokenStoreException(key, "claimed from", null)))
			.doOnError((ex) -> giveBack(Lease.unanswered(key, request)));
	}

	private boolean isOf(TokenKey key, Claim claim) {
		StoredTokenSet current = null;
		if (claim instanceof Claim.Won won) {
			current = won.current();
		}
		else if (claim instanceof Claim.Fresh fresh) {
			current = fresh.current();
		}
		return current == null || this.steps.isOf(key, current);
	}

	private static StoreOutcome outcome(@Nullable Claim claim) {
		if (claim instanceof Claim.Won won) {
			return won.ambiguous() ? StoreOutcome.AMBIGUOUS : StoreOutcome.WON;
		}
		if (claim instanceof Claim.Fresh) {
			return StoreOutcome.FRESH;
		}
		return (claim instanceof Claim.Busy) ? StoreOutcome.BUSY : StoreOutcome.PAUSED;
	}

	/**
	 * Keep what was obtained with a lease. Whoever is newer has the last word.
	 */
	Mono<SaveResult> commit(TokenKey key, Lease lease, TokenSet tokens) {
		return this.steps
			.bounded(key, Mono.defer(() -> this.store.commit(lease, tokens)).switchIfEmpty(noAnswer()),
					StoreOperation.COMMIT,
					(result) -> (result == null || result.isSaved()) ? StoreOutcome.SUCCESS : StoreOutcome.SUPERSEDED)
			.flatMap((result) -> (result.current() == null || this.steps.isOf(key, result.current()))
					? Mono.just(result) : Mono.error(new TokenStoreException(key, "saved to", null)));
	}

	private static <T> Mono<T> noAnswer() {
		return Mono.error(() -> new IllegalStateException("The store has not said what became of it"));
	}

	/**
	 * End a lease with what was learnt.
	 */
	void abandon(Lease lease, SharedFailure failure) {
		end(lease, Mono.defer(() -> this.store.abandon(lease, failure)), 0);
	}

	/**
	 * Give a lease back that was not made use of, or may never have been given.
	 */
	void giveBack(Lease lease) {
		end(lease, Mono.defer(() -> this.store.release(lease)), 0);
	}

	private void end(Lease lease, Mono<Void> step, int failures) {
		this.steps.bounded(lease.key(), step, StoreOperation.ABANDON, (done) -> StoreOutcome.SUCCESS)
			.subscribe(null, (ex) -> {
				logger.debug("{}", ex.getMessage());
				if (failures < MOST_RETURNS) {
					long pause = this.settings.backoff()
						.shortPause(failures + 1, this.resources.random().getAsDouble());
					this.resources.timer().after(pause, () -> end(lease, step, failures + 1));
				}
			});
	}

	/**
	 * Return how long a lease of the store lasts.
	 */
	Duration lease() {
		return this.store.lease();
	}

}
