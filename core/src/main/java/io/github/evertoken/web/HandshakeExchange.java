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

	// The handshakes follow each other: each is caused by the last one's answer.
	private @Nullable Handshake last;

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
			this.client.execute(this.url, headers, handshake.watched(this.handler)).subscribe(handshake);
		});
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
