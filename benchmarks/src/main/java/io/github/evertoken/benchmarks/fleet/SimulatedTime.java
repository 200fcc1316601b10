package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * A time that passes as fast as there is nothing to do in it. What is due at the same
 * nanosecond is done in the order in which it was scheduled, on one thread, so that
 * everything that happens follows from what was scheduled.
 */
final class SimulatedTime implements Scheduler {

	private static final long BEGIN = TimeUnit.SECONDS.toNanos(Instant.parse("2026-01-01T00:00:00Z").getEpochSecond());

	private final PriorityQueue<Task> tasks = new PriorityQueue<>();

	private long now = BEGIN;

	private long scheduled;

	/**
	 * Let time pass, and do all that becomes due.
	 * @param duration how long
	 */
	void pass(Duration duration) {
		long end = this.now + duration.toNanos();
		Task next = this.tasks.peek();
		while (next != null && next.at <= end) {
			this.tasks.remove();
			this.now = next.at;
			next.run();
			next = this.tasks.peek();
		}
		this.now = end;
	}

	@Override
	public long now(TimeUnit unit) {
		return unit.convert(this.now, TimeUnit.NANOSECONDS);
	}

	@Override
	public Disposable schedule(Runnable work) {
		return schedule(work, 0, TimeUnit.NANOSECONDS);
	}

	@Override
	public Disposable schedule(Runnable work, long delay, TimeUnit unit) {
		Task task = new Task(this.now + Math.max(0, unit.toNanos(delay)), this.scheduled++, work);
		this.tasks.add(task);
		return task;
	}

	@Override
	public Worker createWorker() {
		Disposable.Composite tasks = Disposables.composite();
		return new Worker() {

			@Override
			public Disposable schedule(Runnable work) {
				Disposable task = SimulatedTime.this.schedule(work);
				tasks.add(task);
				return task;
			}

			@Override
			public void dispose() {
				tasks.dispose();
			}
		};
	}

	private static final class Task implements Disposable, Comparable<Task> {

		private final long at;

		private final long place;

		private @Nullable Runnable work;

		Task(long at, long place, Runnable work) {
			this.at = at;
			this.place = place;
			this.work = work;
		}

		void run() {
			Runnable work = this.work;
			this.work = null;
			if (work != null) {
				work.run();
			}
		}

		@Override
		public void dispose() {
			this.work = null;
		}

		@Override
		public boolean isDisposed() {
			return this.work == null;
		}

		@Override
		public int compareTo(Task other) {
			int byTime = Long.compare(this.at, other.at);
			return (byTime != 0) ? byTime : Long.compare(this.place, other.place);
		}

	}

}
