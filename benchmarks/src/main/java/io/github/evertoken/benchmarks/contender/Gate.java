package io.github.evertoken.benchmarks.contender;

import java.util.ArrayList;
import java.util.List;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Holds token calls back until everybody waits, at a cost that does not grow with their
 * number.
 */
public final class Gate {

	private final List<MonoSink<Object>> waiting = new ArrayList<>();

	private boolean open;

	Mono<Object> opened() {
		return Mono.create(this::wait);
	}

	private void wait(MonoSink<Object> sink) {
		synchronized (this) {
			if (!this.open) {
				this.waiting.add(sink);
				return;
			}
		}
		sink.success();
	}

	/**
	 * Let all pass, those who wait on the thread of the caller.
	 */
	public void open() {
		synchronized (this) {
			this.open = true;
		}
		this.waiting.forEach(MonoSink::success);
	}

	/**
	 * Return how many wait.
	 * @return the number of calls that are held back
	 */
	public synchronized int waiting() {
		return this.waiting.size();
	}

}
