package io.github.evertoken.lifecycle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Rings when a wait must end, whatever keeps the scheduler's threads busy. A timer of
 * {@code Schedulers.parallel()} is bound to one of few threads, and one that somebody
 * blocks would hold up every wait that ends on it (LC-1).
 */
abstract class Timer {

	/**
	 * Return a timer that no thread of an application can hold up: the JDK's own, whose
	 * thread only hands over what is due.
	 */
	static Timer independent() {
		return new Timer() {
			@Override
			Disposable start(long millis, Runnable task) {
				CompletableFuture<Void> alarm = new CompletableFuture<Void>().completeOnTimeout(null, millis,
						TimeUnit.MILLISECONDS);
				alarm.thenRun(() -> handOver(task));
				return () -> alarm.cancel(false);
			}
		};
	}

	/**
	 * Return a timer of a scheduler whose time somebody moves.
	 */
	static Timer of(Scheduler scheduler) {
		return new Timer() {
			@Override
			Disposable start(long millis, Runnable task) {
				return scheduler.schedule(task, millis, TimeUnit.MILLISECONDS);
			}
		};
	}

	private static void handOver(Runnable task) {
		try {
			Schedulers.boundedElastic().schedule(task);
		}
		catch (Throwable ex) {
			// No thread is to be had: late is worse than here.
			task.run();
		}
	}

	/**
	 * Run a task once, after a while.
	 * @param millis how long
	 * @param task the task, which must be short
	 * @return what keeps it from running
	 */
	Disposable after(long millis, Runnable task) {
		try {
			return start(Math.max(0, millis), task);
		}
		catch (Throwable ex) {
			return late(Math.max(0, millis), task);
		}
	}

	/**
	 * There is no timer, or no thread for one: the scheduler's has to do. If there is
	 * none of these either, nothing is left that could end a wait but its next caller.
	 */
	private static Disposable late(long millis, Runnable task) {
		try {
			return Schedulers.parallel().schedule(task, millis, TimeUnit.MILLISECONDS);
		}
		catch (Throwable ex) {
			return Disposables.disposed();
		}
	}

	abstract Disposable start(long millis, Runnable task);

	/**
	 * Return what completes after a while.
	 * @param millis how long
	 */
	Mono<Void> signal(long millis) {
		return Mono.create((sink) -> sink.onDispose(after(millis, sink::success)));
	}

}
