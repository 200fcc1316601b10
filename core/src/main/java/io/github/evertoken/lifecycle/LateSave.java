package io.github.evertoken.lifecycle;

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

	/**
	 * Other replicas wait for so many milliseconds twice over before they redeem what
	 * this set has replaced.
	 */
	private static final long SOON = SharedTokens.SETTLE / 2;

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	private final Unsaved unsaved;

	private int failures;

	LateSave(TokenLifecycle lifecycle, Unsaved unsaved) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
		this.unsaved = unsaved;
	}

	void run() {
		if (isWanted()) {
			step().subscribe(this::saved, this::failed);
		}
	}

	private Mono<SaveResult> step() {
		SharedSteps shared = this.client.store().shared();
		Lease lease = this.unsaved.lease();
		return (shared != null && lease != null) ? shared.commit(this.lifecycle.key(), lease, this.unsaved.tokens())
				: this.client.store().save(this.lifecycle.key(), this.unsaved.expected(), this.unsaved.tokens());
	}

	private boolean isWanted() {
		return this.lifecycle.state().conditions().unsaved() == this.unsaved;
	}

	private void saved(SaveResult result) {
		if (result.current() == null) {
			this.lifecycle.happens(new FlightEvents.Saved(this.unsaved, result.version()));
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
		boolean awaited = this.client.store().shared() != null;
		this.client.resources().timer().after(awaited ? Math.min(pause, SOON) : pause, this::run);
	}

}
