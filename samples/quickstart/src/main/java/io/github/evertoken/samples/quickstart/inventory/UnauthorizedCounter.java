package io.github.evertoken.samples.quickstart.inventory;

import java.util.concurrent.atomic.AtomicLong;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Counts the requests that the service answers with 401. It stands before all of Spring
 * Security.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class UnauthorizedCounter implements WebFilter {

	private final AtomicLong unauthorized = new AtomicLong();

	long count() {
		return this.unauthorized.get();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpResponse response = exchange.getResponse();
		response.beforeCommit(() -> Mono.fromRunnable(() -> count(response)));
		return chain.filter(exchange);
	}

	private void count(ServerHttpResponse response) {
		if (HttpStatus.UNAUTHORIZED.equals(response.getStatusCode())) {
			this.unauthorized.incrementAndGet();
		}
	}

}
