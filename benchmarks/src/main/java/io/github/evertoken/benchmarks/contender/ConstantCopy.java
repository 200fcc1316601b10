package io.github.evertoken.benchmarks.contender;

import java.util.Objects;

import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * The floor: a token that never changes, set as the reference documentation of Spring
 * shows it. Nothing that copies the request can do better.
 */
final class ConstantCopy implements Authorizer {

	private final String token;

	ConstantCopy(TokenSource source) {
		this.token = Objects.requireNonNull(source.call().block()).value();
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return next.exchange(authorized(request, this.token));
	}

	/**
	 * Return a copy of the request with a bearer token, as all peers make it.
	 */
	static ClientRequest authorized(ClientRequest request, String token) {
		return ClientRequest.from(request).headers((headers) -> headers.setBearerAuth(token)).build();
	}

}
