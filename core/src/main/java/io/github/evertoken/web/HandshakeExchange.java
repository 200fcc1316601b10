package io.github.evertoken.web;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.WebSocketClient;

/**
 * The handshakes of one WebSocket as an exchange: the answer is there when the WebSocket
 * is open, or when it was refused, and what is handled on it goes on.
 */
final class HandshakeExchange implements ExchangeFunction {

	private final WebSocketClient client;

	private final URI url;

	private final WebSocketHandler handler;

	// The handshakes follow each other: each is caused by the last one's answer. A caller
	// may go away at any moment, on any thread. He writes the one and then reads the
	// other, a handshake the other way round, so that one of the two finds out.
	private volatile @Nullable Handshake last;

	private volatile boolean cancelled;

	/**
	 * Create an exchange for one WebSocket.
	 * @param client makes the handshakes
	 * @param url the URL of the WebSocket
	 * @param handler handles its session
	 */
	HandshakeExchange(WebSocketClient client, URI url, WebSocketHandler handler) {
		this.client = client;
		this.url = url;
		this.handler = handler;
	}

	@Override
	public Mono<ClientResponse> exchange(ClientRequest request) {
		HttpHeaders headers = request.headers();
		return Mono.create((answer) -> {
			Handshake handshake = new Handshake(answer);
			this.last = handshake;
			answer.onCancel(handshake);
			if (this.cancelled) {
				handshake.cancel();
			}
			this.client.execute(this.url, headers, handshake.watched(this.handler)).subscribe(handshake);
		});
	}

	/**
	 * End what there is of the WebSocket, whether it is open or not. Nobody between the
	 * handshake and the session has to pass an answer on to a caller who has gone away,
	 * or who is told of a failure instead.
	 */
	void cancel() {
		this.cancelled = true;
		Handshake handshake = this.last;
		if (handshake != null) {
			handshake.cancel();
		}
	}

	/**
	 * Return what becomes of the WebSocket that an answer has opened.
	 * @return completes with its session, or fails as the handshake did
	 */
	Mono<Void> session(ClientResponse answer) {
		Handshake handshake = this.last;
		return (handshake != null) ? handshake.session() : Mono.empty();
	}

}
