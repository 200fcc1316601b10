package io.github.evertoken.gateway;

import java.net.URI;

import reactor.core.publisher.Mono;
import reactor.netty.http.client.WebsocketClientSpec;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * A client of WebSockets that makes a route's handshake once more if its token is
 * refused, and does all else as the one that it stands for. It is of the same type for
 * whoever asks for it by that.
 */
final class RoutedWebSocketClient extends ReactorNettyWebSocketClient {

	private final ReactorNettyWebSocketClient client;

	/**
	 * Create a client.
	 * @param client opens the WebSockets
	 */
	RoutedWebSocketClient(ReactorNettyWebSocketClient client) {
		super(client.getHttpClient());
		this.client = client;
	}

	@Override
	public WebsocketClientSpec getWebsocketClientSpec() {
		return this.client.getWebsocketClientSpec();
	}

	@Override
	public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
		return Mono.deferContextual((context) -> {
			RoutedHandshake handshake = RoutedHandshake.of(context);
			return (handshake != null) ? handshake.execute(this.client, url, headers, handler)
					: this.client.execute(url, headers, handler);
		});
	}

}
