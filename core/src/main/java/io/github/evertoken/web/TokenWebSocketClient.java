package io.github.evertoken.web;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.WebSocketClient;

/**
 * Opens WebSockets with tokens: does for the handshake, which is a request of HTTP (RFC
 * 6455, section 4.1), what {@link TokenExchangeFilterFunction} does for the requests of
 * {@code WebClient}, with the same tokens.
 *
 * <pre class="code">
 * new TokenWebSocketClient(new ReactorNettyWebSocketClient(), filter)
 * 	.execute(URI.create("wss://inventory.internal/changes"), handler)
 * </pre>
 * <p>
 * The client is the one whose base URL covers the URL of the WebSocket, with {@code http}
 * and {@code https} for {@code ws} and {@code wss}, unless {@link #attributes} names
 * another. A handshake with an {@code Authorization} header of its caller's own is left
 * as it is.
 * <p>
 * A handshake that is refused because of its token is tried once more with another one,
 * where the client tells with which status it was refused: that is Spring's client of
 * Reactor Netty. Other clients send the token, and fail as they do. A WebSocket that is
 * open stays so when its token expires; if the server closes it then, it is for the
 * caller to open another one.
 *
 * @since 0.1.0
 */
public final class TokenWebSocketClient implements WebSocketClient {

	private final WebSocketClient client;

	private final TokenExchangeFilterFunction filter;

	private final Consumer<Map<String, Object>> attributes;

	/**
	 * Create a client.
	 * @param client opens the WebSockets, and each of them any number of times
	 * @param filter what it does the same as
	 */
	public TokenWebSocketClient(WebSocketClient client, TokenExchangeFilterFunction filter) {
		this(Objects.requireNonNull(client, "client"), Objects.requireNonNull(filter, "filter"), (attributes) -> {
		});
	}

	private TokenWebSocketClient(WebSocketClient client, TokenExchangeFilterFunction filter,
			Consumer<Map<String, Object>> attributes) {
		this.client = client;
		this.filter = filter;
		this.attributes = attributes;
	}

	/**
	 * Return a client whose handshakes say more of their token.
	 * @param attributes what they say, see {@link TokenAttributes}, or for a resolver
	 * @return the client; this one stays as it is
	 */
	public TokenWebSocketClient attributes(Consumer<Map<String, Object>> attributes) {
		return new TokenWebSocketClient(this.client, this.filter, this.attributes.andThen(attributes));
	}

	/**
	 * Open a WebSocket with a token.
	 * @param url its URL
	 * @param handler handles its session
	 * @return completes when the session has ended; fails with a
	 * {@link io.github.evertoken.TokenException} if no token can be had, in which case
	 * there is no handshake, and as the client does if that is refused
	 */
	@Override
	public Mono<Void> execute(URI url, WebSocketHandler handler) {
		return execute(url, new HttpHeaders(), handler);
	}

	/**
	 * Open a WebSocket with a token.
	 * @param url its URL
	 * @param headers other headers of the handshake
	 * @param handler handles its session
	 * @return completes when the session has ended; fails with a
	 * {@link io.github.evertoken.TokenException} if no token can be had, in which case
	 * there is no handshake, and as the client does if that is refused
	 */
	@Override
	public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
		return Mono.defer(() -> {
			ClientRequest request = ClientRequest.create(HttpMethod.GET, httpUrl(url))
				.headers((all) -> all.addAll(headers))
				.attributes(this.attributes)
				.build();
			HandshakeExchange handshakes = new HandshakeExchange(this.client, url, handler);
			return this.filter.filter(request, handshakes)
				.flatMap(handshakes::session)
				.doFinally((end) -> handshakes.cancel());
		});
	}

	private static URI httpUrl(URI url) {
		String scheme = (url.getScheme() != null) ? url.getScheme().toLowerCase(Locale.ROOT) : "";
		return switch (scheme) {
			case "ws", "wss" -> URI.create(scheme.replace("ws", "http") + url.toString().substring(scheme.length()));
			default -> url;
		};
	}

}
