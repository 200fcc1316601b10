package io.github.evertoken.gateway;

import java.util.List;

import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Sends the requests of a route with tokens. All that is decided is decided by the filter
 * of {@code WebClient}, to which the request and the rest of the route's filters are
 * shown as a request and an exchange of its kind.
 */
final class TokenGatewayFilter implements GatewayFilter, Ordered {

	/**
	 * After the URL is known, load balancing included, and before
	 * {@code WebsocketRoutingFilter} and {@code NettyRoutingFilter}: what is between here
	 * and there is done twice for a request that is sent twice, and what stands before,
	 * {@code Retry} or a circuit breaker, sees one exchange.
	 */
	static final int ORDER = Ordered.LOWEST_PRECEDENCE - 2;

	private final String client;

	private final @Nullable TokenExchangeFilterFunction tokens;

	private final RouteSubject subject;

	/**
	 * Create a filter.
	 * @param client the client whose tokens the requests carry
	 * @param tokens sends requests with their tokens, or {@code null} to send them
	 * without
	 * @param subject on whose behalf
	 */
	TokenGatewayFilter(String client, @Nullable TokenExchangeFilterFunction tokens, RouteSubject subject) {
		this.client = client;
		this.tokens = tokens;
		this.subject = subject;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		if (isOverruled(exchange)) {
			return chain.filter(exchange);
		}
		RoutedRequest request = RoutedRequest.of(exchange, this.client);
		RoutedExchange next = new RoutedExchange(exchange, chain);
		TokenExchangeFilterFunction tokens = this.tokens;
		if (tokens == null) {
			return next.exchange(request).flatMap(next::passOn);
		}
		return this.subject.of(exchange, request)
			.map((subject) -> send(tokens, request.with(subject), next))
			.defaultIfEmpty(unauthenticated(exchange.getResponse()))
			.flatMap((sent) -> sent);
	}

	private static Mono<Void> send(TokenExchangeFilterFunction tokens, ClientRequest request, RoutedExchange next) {
		return tokens.filter(request, next)
			.flatMap(next::passOn)
			.doOnError((ex) -> next.abandonAnswer())
			.contextWrite((context) -> RoutedHandshake.addTo(context, tokens, request));
	}

	/**
	 * A route may have a filter of its own beside that of {@code default-filters}.
	 */
	private boolean isOverruled(ServerWebExchange exchange) {
		Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		List<GatewayFilter> filters = (route != null) ? route.getFilters() : List.of();
		for (int i = filters.size() - 1; i >= 0; i--) {
			if (filters.get(i) instanceof TokenGatewayFilter last) {
				return last != this;
			}
		}
		return false;
	}

	/**
	 * RFC 6750, section 3.1: who shows nothing is told of no error.
	 */
	private static Mono<Void> unauthenticated(ServerHttpResponse response) {
		return Mono.defer(() -> {
			response.setStatusCode(HttpStatus.UNAUTHORIZED);
			response.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
			return response.setComplete();
		});
	}

	@Override
	public String toString() {
		return "TokenGatewayFilter[client=" + this.client + "]";
	}

}
