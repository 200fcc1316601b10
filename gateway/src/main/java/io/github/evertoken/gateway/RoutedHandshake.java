package io.github.evertoken.gateway;

import java.net.URI;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenWebSocketClient;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.WebSocketClient;

/**
 * The handshake with the server of a route, which the gateway makes when it has answered
 * that of its caller. What is known of its token comes to it in the Reactor Context.
 */
final class RoutedHandshake {

	private static final String WEBSOCKET = "websocket";

	private final TokenExchangeFilterFunction tokens;

	private final ClientRequest request;

	private RoutedHandshake(TokenExchangeFilterFunction tokens, ClientRequest request) {
		this.tokens = tokens;
		this.request = request;
	}

	/**
	 * Add the handshake of a request to a context, if it is one.
	 * @param tokens sends requests with their tokens
	 * @param request the request that the route sends on
	 */
	static Context addTo(Context context, TokenExchangeFilterFunction tokens, ClientRequest request) {
		return WEBSOCKET.equalsIgnoreCase(request.headers().getUpgrade())
				? context.put(RoutedHandshake.class, new RoutedHandshake(tokens, request)) : context;
	}

	/**
	 * Return the handshake that a context was given, or {@code null}.
	 */
	static @Nullable RoutedHandshake of(ContextView context) {
		return context.getOrDefault(RoutedHandshake.class, null);
	}

	/**
	 * Open the WebSocket. Where the token may go was decided by the URL of the request,
	 * which has the name of a service in place of an instance.
	 * @param client makes the handshakes
	 * @param url where they go
	 * @param headers those of the first handshake, with its token
	 * @param handler handles the session
	 */
	Mono<Void> execute(WebSocketClient client, URI url, HttpHeaders headers, WebSocketHandler handler) {
		HttpHeaders others = HttpHeaders.copyOf(headers);
		others.remove(HttpHeaders.AUTHORIZATION);
		others.remove(ProofOfPossession.DPOP);
		return new TokenWebSocketClient(new Destination(client, url), this.tokens)
			.attributes((attributes) -> attributes.putAll(this.request.attributes()))
			.execute(this.request.url(), others, handler);
	}

	/**
	 * Goes to one URL, whatever it is asked for.
	 */
	private record Destination(WebSocketClient client, URI url) implements WebSocketClient {

		@Override
		public Mono<Void> execute(URI asked, WebSocketHandler handler) {
			return this.client.execute(this.url, handler);
		}

		@Override
		public Mono<Void> execute(URI asked, HttpHeaders headers, WebSocketHandler handler) {
			return this.client.execute(this.url, headers, handler);
		}

	}

}
