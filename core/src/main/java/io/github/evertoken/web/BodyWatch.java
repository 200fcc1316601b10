package io.github.evertoken.web;

import java.util.function.Function;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.PooledDataBuffer;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;

/**
 * Watches the body of a request that is sent once more, and remembers whether it was the
 * body that failed: a publisher that allows one subscription, a stream that has been
 * read, a buffer that has been released. A failure of the connection cancels the body and
 * leaves no mark here, so that the two cannot be mistaken for each other, in whatever
 * exceptions a connector may wrap them.
 */
final class BodyWatch {

	// Written by the body's signals, read when the exchange has failed because of them.
	private volatile boolean failed;

	boolean hasFailed() {
		return this.failed;
	}

	/**
	 * Write a request. What fails before there is a body to be sent is a failure of the
	 * body as well.
	 */
	Mono<Void> write(ClientHttpRequest request, Function<ClientHttpRequest, Mono<Void>> writing) {
		WatchedRequest watched = new WatchedRequest(request);
		return Mono.defer(() -> writing.apply(watched)).doOnError((ex) -> {
			if (!watched.sending) {
				this.failed = true;
			}
		});
	}

	private Flux<DataBuffer> watched(Publisher<? extends DataBuffer> body) {
		return watchedForFailure(Flux.from(body).map(BodyWatch::requireReadable));
	}

	private <T> Flux<T> watchedForFailure(Flux<T> body) {
		return body.doOnError((ex) -> this.failed = true);
	}

	private static DataBuffer requireReadable(DataBuffer buffer) {
		if (buffer instanceof PooledDataBuffer pooled && !pooled.isAllocated()) {
			throw new IllegalStateException("The buffer has been sent and released already");
		}
		return buffer;
	}

	private final class WatchedRequest extends ClientHttpRequestDecorator {

		private volatile boolean sending;

		WatchedRequest(ClientHttpRequest request) {
			super(request);
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			this.sending = true;
			return super.writeWith(watched(body));
		}

		@Override
		public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
			this.sending = true;
			return super.writeAndFlushWith(
					Flux.from(body).map(BodyWatch.this::watched).doOnError((ex) -> BodyWatch.this.failed = true));
		}

		@Override
		public Mono<Void> setComplete() {
			this.sending = true;
			return super.setComplete();
		}

	}

}
