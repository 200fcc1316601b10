package io.github.evertoken.benchmarks.contender;

import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Runs on the thread of the caller what is to run at once, so that a figure has no hop
 * between threads in it. Timers are another scheduler's.
 */
final class InlineScheduler implements Scheduler {

	private final Scheduler timers;

	InlineScheduler(Scheduler timers) {
		this.timers = timers;
	}

	@Override
	public Disposable schedule(Runnable task) {
		task.run();
		return Disposables.disposed();
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		return this.timers.schedule(task, delay, unit);
	}

	@Override
	public Worker createWorker() {
		return this.timers.createWorker();
	}

}
