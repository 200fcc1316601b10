package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Passes everything on to another scheduler, and lets a test see the timers, step in
 * where the time is asked for, and shut it down.
 */
class ObservedScheduler implements Scheduler {

	private final Scheduler scheduler;

	private final List<Disposable> timers = new CopyOnWriteArrayList<>();

	private Runnable beforeNow = () -> {
	};

	private @Nullable List<Runnable> held;

	private boolean shutDown;

	ObservedScheduler(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Return the tasks that were scheduled with a delay.
	 */
	List<Disposable> timers() {
		return this.timers;
	}

	/**
	 * Do something, once, before the time is told for the next time.
	 */
	void beforeNow(Runnable action) {
		this.beforeNow = () -> {
			this.beforeNow = () -> {
			};
			action.run();
		};
	}

	/**
	 * Let tasks without a delay wait for {@link #release()}.
	 */
	void hold() {
		this.held = new ArrayList<>();
	}

	void release() {
		List<Runnable> tasks = Objects.requireNonNull(this.held);
		this.held = null;
		tasks.forEach(this.scheduler::schedule);
	}

	/**
	 * Reject all tasks from now on.
	 */
	void shutDown() {
		this.shutDown = true;
	}

	@Override
	public long now(TimeUnit unit) {
		this.beforeNow.run();
		return this.scheduler.now(unit);
	}

	@Override
	public Disposable schedule(Runnable task) {
		requireRunning();
		if (this.held != null) {
			this.held.add(task);
			return Disposables.single();
		}
		return this.scheduler.schedule(task);
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		requireRunning();
		Disposable timer = this.scheduler.schedule(task, delay, unit);
		this.timers.add(timer);
		return timer;
	}

	@Override
	public Worker createWorker() {
		requireRunning();
		return this.scheduler.createWorker();
	}

	private void requireRunning() {
		if (this.shutDown) {
			throw new RejectedExecutionException("shut down");
		}
	}

}
