package io.github.evertoken.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A time that moves when nothing else does, beside real connections: whoever waits for a
 * connection is waited for, and only when all that is left to happen is a matter of time,
 * the time goes on to what is next. So a second costs nothing, and no machine is too busy
 * for what a test sees.
 */
public final class MovingTime {

	private static final long GUARD_NANOS = TimeUnit.MINUTES.toNanos(2);

	private final Object monitor = new Object();

	private final SteppedScheduler scheduler = new SteppedScheduler(this::changed);

	private final BooleanSupplier still;

	private final Supplier<String> situation;

	/**
	 * Create a time.
	 * @param still tells whether nothing is on its way over a connection; whatever
	 * changes that is followed by {@link #changed()}
	 */
	public MovingTime(BooleanSupplier still) {
		this(still, () -> "");
	}

	/**
	 * Create a time.
	 * @param still tells whether nothing is on its way over a connection
	 * @param situation says how things are, if they never come to a rest
	 */
	public MovingTime(BooleanSupplier still, Supplier<String> situation) {
		this.still = still;
		this.situation = situation;
	}

	/**
	 * Return the scheduler whose tasks come when it is time for them.
	 * @return the scheduler
	 */
	public SteppedScheduler scheduler() {
		return this.scheduler;
	}

	/**
	 * Return the time.
	 * @return the time, which begins with 2026
	 */
	public Instant instant() {
		return this.scheduler.instant();
	}

	/**
	 * Look again: something has changed. To be called on any thread.
	 */
	public void changed() {
		synchronized (this.monitor) {
			this.monitor.notifyAll();
		}
	}

	/**
	 * Wait until nothing happens any more unless the time goes on.
	 */
	public void settle() {
		long start = System.nanoTime();
		for (;;) {
			this.scheduler.runDue();
			synchronized (this.monitor) {
				if (this.scheduler.hasDue()) {
					continue;
				}
				if (this.still.getAsBoolean()) {
					return;
				}
				if (System.nanoTime() - start > GUARD_NANOS) {
					throw new IllegalStateException(
							"Something on a connection neither ends nor is it held" + this.situation.get());
				}
				await();
			}
		}
	}

	private void await() {
		try {
			TimeUnit.MILLISECONDS.timedWait(this.monitor, 1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let time pass until something is so.
	 * @param done tells whether it is
	 * @param longest how long at most
	 * @return whether it is so within that time
	 */
	public boolean passUntil(BooleanSupplier done, Duration longest) {
		return passUntil(done, this.scheduler.after(longest));
	}

	/**
	 * Let time pass until something is so.
	 * @param done tells whether it is
	 * @param limit when at the latest
	 * @return whether it is so by then
	 */
	public boolean passUntil(BooleanSupplier done, Instant limit) {
		settle();
		while (!done.getAsBoolean()) {
			if (!this.scheduler.moveToNext(limit)) {
				return false;
			}
			settle();
		}
		return true;
	}

	/**
	 * Let time pass.
	 * @param duration how much
	 */
	public void pass(Duration duration) {
		passUntil(() -> false, duration);
	}

}
