package io.github.evertoken.benchmarks.harness;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for what happens on other threads.
 */
public final class Waiting {

	private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(100);

	private Waiting() {
	}

	/**
	 * Wait until something holds.
	 * @param condition what is to hold
	 * @param atMost how long to wait
	 * @param what its description
	 * @throws IllegalStateException if it does not hold in time
	 */
	public static void until(BooleanSupplier condition, Duration atMost, String what) {
		long deadline = System.nanoTime() + atMost.toNanos();
		while (!condition.getAsBoolean()) {
			Check.that(System.nanoTime() < deadline, "waited %s in vain until %s", atMost, what);
			LockSupport.parkNanos(PAUSE);
		}
	}

}
