package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenKey;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Tells the store of a token set that serves from memory already, again and again until
 * it knows or another set has come.
 */
final class LateSave {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	private final Unsaved unsaved;

	private int failures;

	private boolean replaces;

	LateSave(TokenLifecycle lifecycle, Unsaved unsaved) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
		this.unsaved = unsaved;
	}

	void run() {
		if (isWanted()) {
			step(this.client.store(), this.lifecycle.key(), this.unsaved).subscribe(this::saved, this::failed);
		}
	}

	/**
	 * Tell a shared store before what the set holds is redeemed. What was sent before and
	 * is still on its way changes nothing any more then, while after the redemption it
	 * would give the others a refresh token that is used up.
	 * @return a {@code Mono} that completes when the record has the last word
	 */
	Mono<Void> now() {
		return step(this.client.store(), this.lifecycle.key(), this.unsaved).doOnNext(this::saved).then();
	}

	/**
	 * Tell the store of a set once: as what was obtained with a lease, if it was.
	 */
	static Mono<SaveResult> step(StoreSteps store, TokenKey key, Unsaved unsaved) {
		SharedSteps shared = store.shared();
		Lease lease = unsaved.lease();
		return (shared != null && lease != null) ? shared.commit(key, lease, unsaved.tokens())
				: store.save(key, unsaved.expected(), unsaved.tokens());
	}

	private boolean isWanted() {
		return this.lifecycle.state().conditions().unsaved() == this.unsaved;
	}

	private void saved(SaveResult result) {
		if (result.current() == null) {
			this.lifecycle.happens(new FlightEvents.Saved(this.unsaved, result.version()));
		}
		else if (isWanted() && !this.replaces && this.unsaved.succeeds(result.current().tokenSet())) {
			this.replaces = true;
			step(this.client.store(), this.lifecycle.key(), this.unsaved.at(result.version())).subscribe(this::saved,
					this::failed);
		}
		else if (isWanted()) {
			this.lifecycle.changedElsewhere(result.current());
		}
	}

	private void failed(Throwable ex) {
		if (!isWanted()) {
			return;
		}
		if (this.failures == 0) {
			logger.warn("{}; it serves from memory, and is saved as soon as the store is back", ex.getMessage());
		}
		long pause = this.client.settings()
			.backoff()
			.shortPause(this.failures++, this.client.resources().random().getAsDouble());
		boolean awaited = this.unsaved.lease() != null;
		this.client.resources().timer().after(awaited ? Math.min(pause, LeaseTime.SOON) : pause, this::run);
	}

}
