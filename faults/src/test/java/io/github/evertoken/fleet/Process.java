package io.github.evertoken.fleet;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A process that can be killed, or stopped for a while, and the threads of it: what is to
 * be run while it is stopped runs when it goes on.
 */
final class Process implements Scheduler {

	private final VirtualTimeScheduler time;

	private final Queue<Runnable> stopped = new ArrayDeque<>();

	private boolean dead;

	private boolean paused;

	Process(VirtualTimeScheduler time) {
		this.time = time;
	}

	boolean isDead() {
		return this.dead;
	}

	boolean isRunning() {
		return !this.dead && !this.paused;
	}

	/**
	 * End it, as {@code kill -9} does.
	 */
	void kill() {
		this.dead = true;
		this.stopped.clear();
	}

	/**
	 * Stop it, as {@code SIGSTOP} does.
	 */
	void pause() {
		this.paused = true;
	}

	/**
	 * Let it go on.
	 */
	void resume() {
		this.paused = false;
		Runnable task = this.stopped.poll();
		while (task != null) {
			run(task);
			task = this.stopped.poll();
		}
	}

	void run(Runnable task) {
		if (this.dead) {
			return;
		}
		if (this.paused) {
			this.stopped.add(task);
		}
		else {
			task.run();
		}
	}

	@Override
	public long now(TimeUnit unit) {
		return this.time.now(unit);
	}

	@Override
	public Disposable schedule(Runnable task) {
		return schedule(task, 0, TimeUnit.MILLISECONDS);
	}

	@Override
	public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
		if (this.dead) {
			return Disposables.disposed();
		}
		Disposable.Swap timer = Disposables.swap();
		timer.update(this.time.schedule(() -> run(() -> {
			if (!timer.isDisposed()) {
				task.run();
			}
		}), delay, unit));
		return timer;
	}

	@Override
	public Worker createWorker() {
		Disposable.Composite tasks = Disposables.composite();
		return new Worker() {

			@Override
			public Disposable schedule(Runnable task) {
				Disposable scheduled = Process.this.schedule(task);
				tasks.add(scheduled);
				return scheduled;
			}

			@Override
			public void dispose() {
				tasks.dispose();
			}
		};
	}

}
