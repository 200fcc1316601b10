package io.github.evertoken.web;

import java.io.ByteArrayOutputStream;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * An answer that is kept for the case that the request cannot be sent once more, while
 * its connection is given back.
 * <p>
 * Status, headers and cookies are kept, and a body of up to 8 KiB. Of a longer one
 * nothing is kept: half of a document would be worse than none.
 */
final class KeptAnswer {

	static final int MAX_LENGTH = 8 * 1024;

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	private boolean whole = true;

	private KeptAnswer() {
	}

	/**
	 * Read an answer to its end and release it.
	 * @param answer the answer
	 * @return the answer as it is kept; never fails
	 */
	static Mono<ClientResponse> of(ClientResponse answer) {
		KeptAnswer kept = new KeptAnswer();
		return answer.body(BodyExtractors.toDataBuffers())
			.doOnNext(kept::add)
			.doOnError((ex) -> kept.whole = false)
			.onErrorComplete()
			.then(Mono.fromSupplier(() -> answer.mutate().body((ignored) -> kept.body()).build()));
	}

	private void add(DataBuffer buffer) {
		this.whole = this.whole && this.body.size() + buffer.readableByteCount() <= MAX_LENGTH;
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
