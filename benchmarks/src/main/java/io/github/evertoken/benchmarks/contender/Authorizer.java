package io.github.evertoken.benchmarks.contender;

import org.springframework.web.reactive.function.client.ExchangeFilterFunction;

/**
 * One way of getting a token onto a request.
 */
public interface Authorizer extends ExchangeFilterFunction, AutoCloseable {

	@Override
	default void close() {
	}

}
