package io.github.evertoken.benchmarks.contender;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * What articles and answers recommend: the token call behind {@code Mono.cache(ttl)}. It
 * is given a margin before the expiry, without which it would send expired tokens, and
 * does not cache failures.
 */
final class BlogIdiom implements Authorizer {

	private final Mono<IssuedToken> token;

	BlogIdiom(TokenSource source) {
		this.token = source.call()
			.cache((token) -> token.usableFor(source.margin()), (ex) -> Duration.ZERO, () -> Duration.ZERO);
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return this.token.flatMap((token) -> next.exchange(ConstantCopy.authorized(request, token.value())));
	}

}
