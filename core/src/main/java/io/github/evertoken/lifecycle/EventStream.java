package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Hands events out to whoever listens. Each subscriber has a bounded buffer of its own
 * and is served on a thread of {@link Schedulers#boundedElastic()}, so that the emission
 * itself is never more than an enqueue: a slow or blocking subscriber holds up neither
 * the tokens nor the other subscribers.
 */
final class EventStream {

	static final int BUFFER_SIZE = 1024;

	private static final Logger logger = LoggerFactory.getLogger(EventStream.class);

	private final Sinks.Many<TokenEvent> sink = Sinks.many().multicast().directBestEffort();

	// A thread is taken for each event and given back after it, so that listening alone,
	// as every application does from its start, takes none.
	private final Flux<TokenEvent> flux = this.sink.asFlux()
		.onBackpressureBuffer(BUFFER_SIZE,
				(lost) -> logger.debug("A subscriber of the token events is too slow and has lost {}", lost),
				BufferOverflowStrategy.DROP_OLDEST)
		.concatMap((event) -> Mono.just(event).publishOn(Schedulers.boundedElastic()), 1);

	/**
	 * Emit an event. Two keys may do so at the same time: the later one spins while the
	 * earlier one enqueues, which takes less than a context switch. Without a subscriber,
	 * or after the end, the event goes nowhere.
	 */
	void emit(TokenEvent event) {
		while (this.sink.tryEmitNext(event) == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
			Thread.onSpinWait();
		}
	}

	void complete() {
		while (this.sink.tryEmitComplete() == Sinks.EmitResult.FAIL_NON_SERIALIZED) {
			Thread.onSpinWait();
		}
	}

	Flux<TokenEvent> flux() {
		return this.flux;
	}

}
