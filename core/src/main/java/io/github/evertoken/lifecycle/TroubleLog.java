package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
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

	private final LongAdder failedCalls = new LongAdder();

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

	/**
	 * A caller was told of it.
	 */
	void callFailed() {
		this.failedCalls.increment();
	}

	void over(Summary summary) {
		this.quietUntil.set(Long.MIN_VALUE);
		this.unwritten.set(0);
		logger.info("The issuer of client '{}' answers again, after {} failed attempts in {} ms; {} calls have failed",
				summary.last().client(), summary.failures(), summary.lasted(), this.failedCalls.sumThenReset());
	}

	/**
	 * The failure belongs to another key, whose subject is nobody's business.
	 */
	static TransientTokenException copyFor(TokenKey key, TransientTokenException failure) {
		return new TransientTokenException(key, failure.reason(), failure.error(), failure.errorDescription(),
				failure.retryAfter(), failure.getCause());
	}

}
