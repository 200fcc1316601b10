package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.util.context.Context;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Makes the {@code WebClient}s that speak to token endpoints. They share the connector
 * and its settings with the rest of the application, and none of its filters (SF-7).
 */
final class TokenEndpointClients {

	private static final Logger logger = LoggerFactory.getLogger(TokenEndpointClients.class);

	/**
	 * The key under which Reactor looks for a hook of one subscription.
	 */
	private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

	private static final Consumer<Throwable> DROPPED = (ex) -> logger
		.debug("A cancelled call to a token endpoint failed with {}", ex.getClass().getName());

	private final ClientHttpConnectorBuilder<?> connectorBuilder;

	private final HttpClientSettings settings;

	TokenEndpointClients(ClientHttpConnectorBuilder<?> connectorBuilder, HttpClientSettings settings) {
		this.connectorBuilder = (connectorBuilder instanceof ReactorClientHttpConnectorBuilder reactor)
				? ReactorNetty.withoutRetry(reactor) : connectorBuilder;
		this.settings = settings.withRedirects(HttpRedirects.DONT_FOLLOW);
	}

	WebClient create(@Nullable Duration connectTimeout, @Nullable Duration responseTimeout) {
		HttpClientSettings settings = this.settings.withTimeouts(connectTimeout, responseTimeout);
		return WebClient.builder()
			.clientConnector(this.connectorBuilder.build(settings))
			.filter(TokenEndpointClients::quietWhenCancelled)
			.build();
	}

	/**
	 * Whoever cancels a flight, a time-out or the end of the application, is not
	 * interested in its errors. Those that come all the same are dropped by Reactor,
	 * which logs them as errors unless told otherwise: the JDK's HTTP client has one for
	 * each request that is cancelled.
	 */
	private static Mono<ClientResponse> quietWhenCancelled(ClientRequest request, ExchangeFunction next) {
		return next.exchange(request).contextWrite(Context.of(ON_ERROR_DROPPED, DROPPED));
	}

	/**
	 * Loaded only where Reactor Netty is there.
	 */
	private static final class ReactorNetty {

		/**
		 * A refresh token that is sent twice looks stolen to a server that rotates them.
		 */
		static ClientHttpConnectorBuilder<?> withoutRetry(ReactorClientHttpConnectorBuilder builder) {
			return builder.withHttpClientCustomizer(ReactorNetty::withoutRetry);
		}

		private static HttpClient withoutRetry(HttpClient httpClient) {
			return httpClient.disableRetry(true);
		}

	}

}
