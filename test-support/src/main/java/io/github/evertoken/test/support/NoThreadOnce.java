package io.github.evertoken.test.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler that has no thread for one of its tasks.
 */
public final class NoThreadOnce implements Scheduler {

	private final Scheduler scheduler;

	private final AtomicInteger until;

	/**
	 * Create a scheduler.
	 * @param scheduler has the threads
	 * @param until how many tasks come before the one for which there is none
	 */
	public NoThreadOnce(Scheduler scheduler, AtomicInteger until) {
		this.scheduler = scheduler;
		this.until = until;
	}

	@Override
	public Disposable schedule(Runnable task) {
		if (this.until.getAndDecrement() == 0) {
			throw new OutOfMemoryError("unable to create native thread");
		}
		return this.scheduler.schedule(task);
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		return this.scheduler.schedule(task, delay, unit);
	}

	@Override
	public long now(TimeUnit unit) {
		return this.scheduler.now(unit);
	}

	@Override
	public Worker createWorker() {
		return this.scheduler.createWorker();
	}

}
