package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what an issuer or a store does against its contract, which may be with every
 * call, at most once a minute.
 */
final class FaultLog {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toMillis();

	private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

	/**
	 * Write a line, unless there was one lately.
	 * @param line whose fault it is, and what becomes of it
	 * @param arguments what is told in the line, never a token
	 */
	void warn(Moment now, String line, Object... arguments) {
		long quiet = this.quietUntil.get();
		if (now.mono() >= quiet && this.quietUntil.compareAndSet(quiet, now.after(INTERVAL))) {
			logger.warn(line, arguments);
		}
	}

}
