package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.evertoken.TokenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes of trouble once, then at most once a minute, and of its end.
 */
final class TroubleLog {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toMillis();

	private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

	private final AtomicLong unwritten = new AtomicLong();

	/**
	 * What there was.
	 *
	 * @param last the last failure
	 * @param failures how many attempts have failed
	 * @param lasted for how many milliseconds
	 */
	record Summary(TokenException last, int failures, long lasted) {
	}

	void failed(TokenException failure, long pause, Moment now) {
		long quiet = this.quietUntil.get();
		if (now.mono() < quiet || !this.quietUntil.compareAndSet(quiet, now.after(INTERVAL))) {
			this.unwritten.incrementAndGet();
			return;
		}
		long more = this.unwritten.getAndSet(0);
		logger.warn("{}. Next attempt in {} ms at the earliest{}", failure.getMessage(), Math.max(0, pause),
				(more > 0) ? "; " + more + " more have failed since the last line of this kind" : "");
	}

	void over(Summary summary) {
		this.quietUntil.set(Long.MIN_VALUE);
		this.unwritten.set(0);
		logger.info("The issuer of client '{}' answers again, after {} failed attempts in {} ms",
				summary.last().client(), summary.failures(), summary.lasted());
	}

}
