package io.github.evertoken.lifecycle;

import io.github.evertoken.store.SaveResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

	LateSave(TokenLifecycle lifecycle, Unsaved unsaved) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
		this.unsaved = unsaved;
	}

	void run() {
		if (isWanted()) {
			this.client.store()
				.save(this.lifecycle.key(), this.unsaved.expected(), this.unsaved.tokens())
				.subscribe(this::saved, this::failed);
		}
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
		this.client.resources().timer().after(pause, this::run);
	}

}
