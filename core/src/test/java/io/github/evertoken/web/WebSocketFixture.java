package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.util.function.BiFunction;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * A server of WebSockets, and a client that sends its tokens to those below
 * {@code /changes}.
 */
class WebSocketFixture implements AutoCloseable {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final DisposableServer server;

	private final DefaultTokenManager manager;

	WebSocketFixture(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler, TokenIssuer issuer) {
		this.server = HttpServer.create().host("127.0.0.1").port(0).handle(handler).bindNow(LIMIT);
		this.manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer).patience(Duration.ofMillis(100)).build())
			.build();
	}

	TokenWebSocketClient client(RejectionPolicy policy) {
		String baseUrl = "http://127.0.0.1:" + this.server.port() + "/changes";
		return new TokenWebSocketClient(new ReactorNettyWebSocketClient(),
				TokenExchangeFilterFunction
					.builder(this.manager, ClientSelector.builder().add(BaseUrl.of(baseUrl), "inventory").build())
					.rejectionPolicy(policy)
					.build());
	}

	URI url(String path) {
		return URI.create("ws://127.0.0.1:" + this.server.port() + path);
	}

	@Override
	public void close() {
		this.manager.close();
		this.server.disposeNow(LIMIT);
	}

}
