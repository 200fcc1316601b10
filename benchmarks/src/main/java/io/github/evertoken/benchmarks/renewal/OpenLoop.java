package io.github.evertoken.benchmarks.renewal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Waiting;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Starts calls at a fixed rate, whether or not earlier ones have ended, and measures each
 * from the moment at which it was to start. A loop that waits for its calls would hardly
 * start any while they stall, and thus not see that they do.
 */
final class OpenLoop {

	private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

	private final Histogram histogram = new ConcurrentHistogram(LONGEST, 3);

	private final AtomicInteger ended = new AtomicInteger();

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private final Supplier<? extends Mono<?>> calls;

	private final long period;

	OpenLoop(Supplier<? extends Mono<?>> calls, int ratePerSecond) {
		this.calls = calls;
		this.period = TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
	}

	/**
	 * Make calls, and wait for the last one to end.
	 * @param duration how long to start calls
	 * @return the time that each call took, in nanoseconds
	 */
	Histogram run(Duration duration) {
		int count = (int) (duration.toNanos() / this.period);
		long start = System.nanoTime();
		for (int i = 0; i < count; i++) {
			long intendedStart = start + i * this.period;
			waitUntil(intendedStart);
			this.calls.get().subscribe(new Call(intendedStart));
		}
		Waiting.until(() -> this.ended.get() == count, Duration.ofSeconds(60), "all calls have ended");
		Throwable failure = this.failure.get();
		Check.that(failure == null, "a call failed with %s", failure);
		return this.histogram;
	}

	private static void waitUntil(long time) {
		for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private final class Call implements CoreSubscriber<Object> {

		private final long intendedStart;

		Call(long intendedStart) {
			this.intendedStart = intendedStart;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(Object response) {
		}

		@Override
		public void onError(Throwable failure) {
			OpenLoop.this.failure.set(failure);
			OpenLoop.this.ended.incrementAndGet();
		}

		@Override
		public void onComplete() {
			OpenLoop.this.histogram.recordValue(Math.min(System.nanoTime() - this.intendedStart, LONGEST));
			OpenLoop.this.ended.incrementAndGet();
		}

	}

}
