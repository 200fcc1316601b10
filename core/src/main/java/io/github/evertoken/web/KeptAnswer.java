package io.github.evertoken.web;

import java.io.ByteArrayOutputStream;
import java.time.Duration;

import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * An answer that is kept for the case that the request cannot be sent once more, while
 * its connection is given back.
 * <p>
 * Status, headers and cookies are kept, and a body of up to 8 KiB. Of a longer one
 * nothing is kept: half of a document would be worse than none. Neither is anything of a
 * body that takes its time. The connection can be used again after a body of up to 64 KiB
 * that comes within half a second; else it is closed, and nobody waits for the rest.
 */
final class KeptAnswer {

	static final int MAX_LENGTH = 8 * 1024;

	static final int MAX_READ = 64 * 1024;

	static final Duration MAX_TIME = Duration.ofMillis(500);

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	// A body that is late is given up by another thread than that of its signals.
	private volatile boolean whole = true;

	private long length;

	private KeptAnswer() {
	}

	/**
	 * Read an answer and release it.
	 * @param answer the answer
	 * @param maxTime for how long it is read at the most
	 * @return the answer as it is kept; never fails
	 */
	static Mono<ClientResponse> of(ClientResponse answer, Duration maxTime) {
		return of(answer, maxTime, () -> {
		});
	}

	/**
	 * Read an answer and release it.
	 * @param answer the answer
	 * @param maxTime for how long it is read at the most
	 * @param abandon cancels the exchange if the answer is not read to its end: to
	 * Jetty's connector it means nothing that the body is cancelled
	 * @return the answer as it is kept; never fails
	 */
	static Mono<ClientResponse> of(ClientResponse answer, Duration maxTime, Runnable abandon) {
		KeptAnswer kept = new KeptAnswer();
		return answer.body(BodyExtractors.toDataBuffers())
			.doOnNext(kept::add)
			.handle(kept::requireEnd)
			.then()
			.timeout(maxTime)
			.doOnError((ex) -> {
				kept.whole = false;
				abandon.run();
			})
			.onErrorComplete()
			.then(Mono.fromSupplier(() -> answer.mutate().body((ignored) -> kept.body()).build()));
	}

	/**
	 * Read an answer and release it, and fail with what a user's code has thrown. Reactor
	 * passes no error on that it takes for one of the JVM, and a caller would wait for
	 * ever.
	 * @param answer the answer
	 * @param maxTime for how long it is read at the most
	 * @param abandon see {@link #of(ClientResponse, Duration, Runnable)}
	 * @param failure what was thrown
	 */
	static <T> Mono<T> failed(ClientResponse answer, Duration maxTime, Runnable abandon, Throwable failure) {
		Throwable told = Exceptions.isFatal(failure)
				? new IllegalStateException("The application's own code has failed", failure) : failure;
		return of(answer, maxTime, abandon).then(Mono.error(told));
	}

	private void requireEnd(DataBuffer released, SynchronousSink<Void> sink) {
		if (this.length > MAX_READ) {
			sink.error(new DataBufferLimitException("An answer is read up to " + MAX_READ + " bytes"));
		}
	}

	private void add(DataBuffer buffer) {
		this.length += buffer.readableByteCount();
		if (this.length > MAX_LENGTH) {
			this.whole = false;
		}
		if (this.whole) {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			this.body.writeBytes(bytes);
		}
		DataBufferUtils.release(buffer);
	}

	private Flux<DataBuffer> body() {
		return (this.whole && this.body.size() > 0)
				? Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(this.body.toByteArray())))
				: Flux.empty();
	}

}
