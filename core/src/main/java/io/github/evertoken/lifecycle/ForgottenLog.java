package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes that keys with a refresh token were forgotten because there are too many, at
 * most once a minute.
 */
final class ForgottenLog {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toMillis();

	private final ClientSettings settings;

	private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

	private final AtomicLong forgotten = new AtomicLong();

	ForgottenLog(ClientSettings settings) {
		this.settings = settings;
	}

	void forgotten(Moment now) {
		this.forgotten.incrementAndGet();
		long quiet = this.quietUntil.get();
		if (now.mono() >= quiet && this.quietUntil.compareAndSet(quiet, now.after(INTERVAL))) {
			logger.warn(
					"Client '{}' has more than {} subjects at a time: {} refresh tokens of those that were not used for the longest time are forgotten. Raise evertoken.clients.{}.subjects.maximum-size, or keep token sets in a TokenStore",
					this.settings.name(), this.settings.maximumSubjects(), this.forgotten.getAndSet(0),
					this.settings.name());
		}
	}

}
