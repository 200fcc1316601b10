package io.github.evertoken.benchmarks.renewal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.benchmarks.contender.IssuedToken;
import io.github.evertoken.benchmarks.stub.WritingExchange;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * A resource server that takes a millisecond and looks at the clock: it counts the tokens
 * that come too late, and the requests without any.
 */
final class SlowExchange implements ExchangeFunction {

	private final AtomicInteger expired = new AtomicInteger();

	private final AtomicInteger unauthorized = new AtomicInteger();

	@Override
	public Mono<ClientResponse> exchange(ClientRequest request) {
		WritingExchange exchange = new WritingExchange();
		return exchange.exchange(request).doOnNext((response) -> inspect(exchange)).delayElement(Duration.ofMillis(1));
	}

	private void inspect(WritingExchange exchange) {
		String authorization = exchange.authorization();
		if (authorization == null) {
			this.unauthorized.incrementAndGet();
		}
		else if (IssuedToken.expiryOf(authorization) <= System.currentTimeMillis()) {
			this.expired.incrementAndGet();
		}
	}

	int expired() {
		return this.expired.get();
	}

	int unauthorized() {
		return this.unauthorized.get();
	}

}
