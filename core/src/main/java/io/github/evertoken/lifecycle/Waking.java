package io.github.evertoken.lifecycle;

import java.util.Queue;
import java.util.function.Consumer;

import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Wakes those who have waited for something, in the order of their arrival.
 *
 * @param <T> the type of those who wait
 */
final class Waking<T> {

	// They are woken on the scheduler's threads, each of which takes the next one out of
	// the queue: they begin in the order of their arrival, and one that works for long or
	// blocks keeps nobody but itself (LC-13).

	private static final int CHUNK = 64;

	/**
	 * After so many milliseconds it is looked whether the scheduler has woken all.
	 */
	private static final long CHECK = 100;

	private final ManagerResources resources;

	Waking(ManagerResources resources) {
		this.resources = resources;
	}

	/**
	 * Empty a queue on as many threads as there are for it. The first would do, if nobody
	 * blocked it.
	 */
	void all(Queue<T> queue, Consumer<? super T> outcome) {
		if (queue.isEmpty()) {
			return;
		}
		int threads = Math.min(Schedulers.DEFAULT_POOL_SIZE, queue.size());
		for (int i = 0; i < threads && !queue.isEmpty(); i++) {
			handOver(queue, outcome);
		}
		if (!queue.isEmpty()) {
			this.resources.timer().after(CHECK, () -> callAll(queue, outcome));
		}
	}

	private void handOver(Queue<T> queue, Consumer<? super T> outcome) {
		try {
			this.resources.scheduler().schedule(() -> callSome(queue, outcome));
		}
		catch (Throwable ex) {
			callAll(queue, outcome);
		}
	}

	private void callSome(Queue<T> queue, Consumer<? super T> outcome) {
		for (int i = 0; i < CHUNK; i++) {
			T waiter = queue.poll();
			if (waiter == null) {
				return;
			}
			call(waiter, outcome);
		}
		handOver(queue, outcome);
	}

	private static <T> void callAll(Queue<T> queue, Consumer<? super T> outcome) {
		T waiter = queue.poll();
		while (waiter != null) {
			call(waiter, outcome);
			waiter = queue.poll();
		}
	}

	/**
	 * What one waiter throws, against its contract or because a class cannot be loaded,
	 * must not keep the token from the others.
	 */
	static <T> void call(T waiter, Consumer<? super T> outcome) {
		try {
			outcome.accept(waiter);
		}
		catch (Throwable ex) {
			Operators.onErrorDropped(ex, Context.empty());
		}
	}

}
