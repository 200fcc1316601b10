package io.github.evertoken.endpoint;

import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.web.reactive.function.BodyInserter;

/**
 * Knows of one request whether the server may have got it, and whether there is a server.
 */
final class Transmission {

	// Which exception means what is different with each client and its version. But each
	// of them takes the body only when it has a connection to write it to, through a
	// proxy and TLS; and without its body a request for a token is worth nothing.

	private volatile boolean begun;

	private volatile boolean gone;

	/**
	 * Watch a body.
	 */
	BodyInserter<?, ? super ClientHttpRequest> of(BodyInserter<?, ? super ClientHttpRequest> body) {
		return (request, context) -> body.insert(new WatchedRequest(request), context);
	}

	/**
	 * Tell whether the server may have acted upon the request, though no answer was read
	 * to its end.
	 * @param failure what came instead
	 */
	boolean mayHaveArrived(Throwable failure) {
		return this.begun && !isOfHandshake(failure);
	}

	/**
	 * With TLS 1.3 the client is done with the handshake before the server has seen its
	 * certificate. A server that refuses it reads no request.
	 */
	private static boolean isOfHandshake(Throwable failure) {
		return Stream.iterate(failure, (ex) -> ex != null, Throwable::getCause)
			.limit(10)
			.anyMatch((ex) -> ex instanceof SSLHandshakeException || ex instanceof SSLPeerUnverifiedException);
	}

	/**
	 * Note that there is no such endpoint, or not any more.
	 */
	void endpointIsGone() {
		this.gone = true;
	}

	boolean isEndpointGone() {
		return this.gone;
	}

	private final class WatchedRequest extends ClientHttpRequestDecorator {

		WatchedRequest(ClientHttpRequest delegate) {
			super(delegate);
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			// A single buffer must stay one, or else it is sent in chunks.
			return super.writeWith((body instanceof Mono<? extends DataBuffer> single)
					? single.doOnNext((data) -> Transmission.this.begun = true)
					: Flux.from(body).doOnNext((data) -> Transmission.this.begun = true));
		}

	}

}
