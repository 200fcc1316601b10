package io.github.evertoken.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler whose time somebody moves. What is due runs at once and in order, on one
 * thread; what is not waits for the time to move.
 * <p>
 * Beside that it knows how many calls are on their way, to tell whether anything can
 * happen while the time stands still.
 */
final class TestScheduler implements Scheduler {

	private static final Logger logger = LoggerFactory.getLogger(TestScheduler.class);

	private final PriorityQueue<Task> tasks = new PriorityQueue<>(
			Comparator.comparingLong((Task task) -> task.time).thenComparingLong((task) -> task.order));

	private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), (work) -> {
				Thread thread = new Thread(work, "test-time");
				thread.setDaemon(true);
				return thread;
			});

	private long nanos;

	private long order;

	private boolean running;

	private int calls;

	TestScheduler(Instant start) {
		this.nanos = nanos(start);
		this.thread.allowCoreThreadTimeOut(true);
	}

	private static long nanos(Instant instant) {
		return Math.addExact(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()), instant.getNano());
	}

	@Override
	public synchronized long now(TimeUnit unit) {
		return unit.convert(this.nanos, TimeUnit.NANOSECONDS);
	}

	Instant instant() {
		return Instant.ofEpochSecond(0, now(TimeUnit.NANOSECONDS));
	}

	/**
	 * A call is on its way, or goes on.
	 */
	synchronized void begins() {
		this.calls++;
	}

	/**
	 * A call has ended, or waits for the time.
	 */
	synchronized void ends() {
		this.calls--;
		notifyAll();
	}

	/**
	 * Wait until nothing can happen while the time stands still.
	 * @param longest for how many nanoseconds of real time at most
	 * @return whether that is so
	 */
	synchronized boolean awaitStill(long longest) {
		long start = System.nanoTime();
		while (this.running || hasDue() || this.calls != 0) {
			if (System.nanoTime() - start > longest) {
				return false;
			}
			try {
				TimeUnit.MILLISECONDS.timedWait(this, 100);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}
		return true;
	}

	/**
	 * Move the time to the next task, but not beyond a limit.
	 * @return whether there is a task within the limit; if not, it is the limit now
	 */
	synchronized boolean moveToNext(Instant limit) {
		long end = nanos(limit);
		Task first = first();
		boolean within = first != null && first.time <= end;
		this.nanos = Math.max(this.nanos, (first != null && within) ? first.time : end);
		runDue();
		return within;
	}

	private @Nullable Task first() {
		Task first = this.tasks.peek();
		while (first != null && first.disposed) {
			this.tasks.remove();
			first = this.tasks.peek();
		}
		return first;
	}

	private boolean hasDue() {
		Task first = first();
		return first != null && first.time <= this.nanos;
	}

	private void runDue() {
		if (!this.running && hasDue()) {
			this.running = true;
			this.thread.execute(this::run);
		}
	}

	private void run() {
		for (Task task = next(); task != null; task = next()) {
			try {
				task.runnable.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("A task has failed", ex);
			}
		}
	}

	private synchronized @Nullable Task next() {
		if (!hasDue()) {
			this.running = false;
			notifyAll();
			return null;
		}
		Task task = this.tasks.remove();
		if (task.period > 0) {
			task.time += task.period;
			task.order = this.order++;
			this.tasks.add(task);
		}
		return task;
	}

	@Override
	public Disposable schedule(Runnable task) {
		return add(new Task(task, 0), 0);
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		return add(new Task(task, 0), unit.toNanos(delay));
	}

	@Override
	public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
		return add(new Task(task, unit.toNanos(period)), unit.toNanos(initialDelay));
	}

	private synchronized Disposable add(Task task, long delay) {
		task.time = this.nanos + Math.min(Math.max(delay, 0), Long.MAX_VALUE - this.nanos);
		task.order = this.order++;
		this.tasks.add(task);
		runDue();
		return task;
	}

	@Override
	public Worker createWorker() {
		return new TestWorker();
	}

	@Override
	public void dispose() {
		// A manager leaves its scheduler alone.
	}

	/**
	 * Something to do at a time.
	 */
	private static final class Task implements Disposable {

		private final Runnable runnable;

		private final long period;

		private long time;

		private long order;

		private volatile boolean disposed;

		Task(Runnable runnable, long period) {
			this.runnable = runnable;
			this.period = period;
		}

		@Override
		public void dispose() {
			this.disposed = true;
		}

		@Override
		public boolean isDisposed() {
			return this.disposed;
		}

	}

	private final class TestWorker implements Worker {

		private final List<Disposable> tasks = new ArrayList<>();

		private boolean disposed;

		@Override
		public Disposable schedule(Runnable task) {
			return remember(TestScheduler.this.schedule(task));
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			return remember(TestScheduler.this.schedule(task, delay, unit));
		}

		@Override
		public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
			return remember(TestScheduler.this.schedulePeriodically(task, initialDelay, period, unit));
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

}
