package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what may happen with every call, or to every key, at most once a minute.
 */
final class FaultLog {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toMillis();

	private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

	private final AtomicLong unwritten = new AtomicLong();

	/**
	 * Write a line, unless there was one lately.
	 * @param line what has happened, whose fault it is, and what becomes of it
	 * @param arguments what is told in the line, never a token
	 */
	void warn(Moment now, String line, @Nullable Object... arguments) {
		long quiet = this.quietUntil.get();
		if (now.mono() < quiet || !this.quietUntil.compareAndSet(quiet, now.after(INTERVAL))) {
			this.unwritten.incrementAndGet();
			return;
		}
		long more = this.unwritten.getAndSet(0);
		logger.warn((more > 0) ? line + "; " + more + " more since the last line of this kind" : line, arguments);
	}

	/**
	 * It has ended: the next time is a first one again.
	 */
	void over() {
		this.quietUntil.set(Long.MIN_VALUE);
		this.unwritten.set(0);
	}

}
