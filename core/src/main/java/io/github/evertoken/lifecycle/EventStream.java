package io.github.evertoken.lifecycle;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.evertoken.TokenEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
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
 * <p>
 * Every application listens from its start, and {@code Flux} is the one class of Reactor
 * that takes a hundred others to load. So nothing of it is touched before somebody
 * subscribes or the first event comes.
 */
final class EventStream {

	static final int BUFFER_SIZE = 1024;

	private static final Logger logger = LoggerFactory.getLogger(EventStream.class);

	private final Lazy<Stream> stream = new Lazy<>(Stream::new);

	private final List<Listening> expectant = new CopyOnWriteArrayList<>();

	private volatile boolean complete;

	/**
	 * Emit an event. Without a subscriber, or after the end, it goes nowhere.
	 */
	void emit(TokenEvent event) {
		this.expectant.forEach(Listening::begin);
		this.stream.get().emit(event);
	}

	void complete() {
		this.complete = true;
		this.stream.ifMade(Stream::complete);
	}

	Flux<TokenEvent> flux() {
		Stream stream = this.stream.get();
		if (this.complete) {
			stream.complete();
		}
		return stream.flux;
	}

	/**
	 * Listen as a subscriber of {@link #flux()} does, who subscribes when the first event
	 * is about to be emitted.
	 */
	Disposable listen(Consumer<TokenEvent> listener) {
		Listening listening = new Listening(listener);
		this.expectant.add(listening);
		return listening;
	}

	private static final class Stream {

		private final Sinks.Many<TokenEvent> sink = Sinks.many().multicast().directBestEffort();

		// A thread is taken for each event and given back after it, so that listening
		// alone takes none.
		private final Flux<TokenEvent> flux = this.sink.asFlux()
			.onBackpressureBuffer(BUFFER_SIZE,
					(lost) -> logger.debug("A subscriber of the token events is too slow and has lost {}", lost),
					BufferOverflowStrategy.DROP_OLDEST)
			.concatMap((event) -> Mono.just(event).publishOn(Schedulers.boundedElastic()), 1);

		/**
		 * Two keys may emit at the same time: the later one spins while the earlier one
		 * enqueues, which takes less than a context switch.
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

	}

	private final class Listening implements Disposable {

		private final Consumer<TokenEvent> listener;

		private final Disposable.Swap subscription = Disposables.swap();

		private boolean begun;

		Listening(Consumer<TokenEvent> listener) {
			this.listener = listener;
		}

		/**
		 * Of two keys that emit first at the same time the later one waits here for the
		 * subscription, without which its event would be lost.
		 */
		synchronized void begin() {
			if (!this.begun) {
				this.begun = true;
				this.subscription.update(flux().subscribe(this.listener, this::failed));
				EventStream.this.expectant.remove(this);
			}
		}

		private void failed(Throwable ex) {
			logger.error("A listener of the token events has failed, and hears no more of them: {}", this.listener, ex);
		}

		@Override
		public void dispose() {
			EventStream.this.expectant.remove(this);
			this.subscription.dispose();
		}

		@Override
		public boolean isDisposed() {
			return this.subscription.isDisposed();
		}

	}

}
