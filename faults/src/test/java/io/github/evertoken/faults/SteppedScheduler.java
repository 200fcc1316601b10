package io.github.evertoken.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler whose time stands still until a test moves it. Tasks may come from any
 * thread; they run on the thread of the test, in {@link #runDue()} and nowhere else, so
 * that real connections and a time of the test's own go together: the test waits for the
 * connections, and then moves the time to what comes next.
 */
public final class SteppedScheduler implements Scheduler {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final PriorityQueue<Task> tasks = new PriorityQueue<>(
			Comparator.comparingLong(Task::time).thenComparingLong(Task::order));

	private final Runnable changed;

	private long nanos = TimeUnit.SECONDS.toNanos(START.getEpochSecond());

	private long order;

	/**
	 * Create a scheduler.
	 * @param changed called, on any thread, when a task has come
	 */
	public SteppedScheduler(Runnable changed) {
		this.changed = changed;
	}

	@Override
	public synchronized long now(TimeUnit unit) {
		return unit.convert(this.nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Return the time.
	 * @return the time, which begins with 2026
	 */
	public Instant instant() {
		return Instant.ofEpochSecond(0, now(TimeUnit.NANOSECONDS));
	}

	/**
	 * Run what is due, and what becomes due by that.
	 */
	public void runDue() {
		for (Task task = nextDue(); task != null; task = nextDue()) {
			task.run();
		}
	}

	private synchronized @Nullable Task nextDue() {
		Task first = firstTask();
		return (first != null && first.time <= this.nanos) ? this.tasks.remove() : null;
	}

	private @Nullable Task firstTask() {
		while (!this.tasks.isEmpty() && this.tasks.peek().isDisposed()) {
			this.tasks.remove();
		}
		return this.tasks.peek();
	}

	/**
	 * Tell whether a task is due.
	 * @return whether {@link #runDue()} has something to do
	 */
	public synchronized boolean hasDue() {
		Task first = firstTask();
		return first != null && first.time <= this.nanos;
	}

	/**
	 * Move the time to the next task, but not beyond a limit.
	 * @param limit the limit
	 * @return whether there is a task within the limit; if not, it is the limit now
	 */
	public synchronized boolean moveToNext(Instant limit) {
		long end = TimeUnit.SECONDS.toNanos(limit.getEpochSecond()) + limit.getNano();
		Task first = firstTask();
		boolean within = first != null && first.time <= end;
		this.nanos = Math.max(this.nanos, (first != null && within) ? first.time : end);
		return within;
	}

	@Override
	public Disposable schedule(Runnable task) {
		return schedule(task, 0, TimeUnit.NANOSECONDS);
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		return add(task, delay, 0, unit);
	}

	@Override
	public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
		return add(task, initialDelay, period, unit);
	}

	private Disposable add(Runnable runnable, long delay, long period, TimeUnit unit) {
		Task task;
		synchronized (this) {
			task = new Task(this, runnable, this.nanos + unit.toNanos(Math.max(delay, 0)), unit.toNanos(period),
					this.order++, new AtomicBoolean());
			this.tasks.add(task);
		}
		this.changed.run();
		return task;
	}

	@Override
	public Worker createWorker() {
		return new SteppedWorker(this);
	}

	@Override
	public void dispose() {
	}

	private record Task(SteppedScheduler scheduler, Runnable runnable, long time, long period, long order,
			AtomicBoolean disposed) implements Disposable {

		void run() {
			if (this.period > 0 && !isDisposed()) {
				synchronized (this.scheduler) {
					this.scheduler.tasks.add(new Task(this.scheduler, this.runnable, this.time + this.period,
							this.period, this.scheduler.order++, this.disposed));
				}
			}
			if (!isDisposed()) {
				this.runnable.run();
			}
		}

		@Override
		public void dispose() {
			this.disposed.set(true);
		}

		@Override
		public boolean isDisposed() {
			return this.disposed.get();
		}

	}

	private static final class SteppedWorker implements Worker {

		private final SteppedScheduler scheduler;

		private final List<Disposable> tasks = new ArrayList<>();

		private boolean disposed;

		SteppedWorker(SteppedScheduler scheduler) {
			this.scheduler = scheduler;
		}

		@Override
		public Disposable schedule(Runnable task) {
			return remember(this.scheduler.schedule(task));
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			return remember(this.scheduler.schedule(task, delay, unit));
		}

		@Override
		public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
			return remember(this.scheduler.schedulePeriodically(task, initialDelay, period, unit));
		}

		private synchronized Disposable remember(Disposable task) {
			if (this.disposed) {
				task.dispose();
				throw new RejectedExecutionException("The worker is disposed of");
			}
			this.tasks.add(task);
			return task;
		}

		@Override
		public synchronized void dispose() {
			this.disposed = true;
			this.tasks.forEach(Disposable::dispose);
			this.tasks.clear();
		}

		@Override
		public synchronized boolean isDisposed() {
			return this.disposed;
		}

	}

	/**
	 * Return the time after a while.
	 * @param duration how long from now
	 * @return the time then
	 */
	public Instant after(Duration duration) {
		return instant().plus(duration);
	}

}
