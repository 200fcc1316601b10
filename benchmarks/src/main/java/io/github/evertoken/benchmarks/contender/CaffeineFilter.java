package io.github.evertoken.benchmarks.contender;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * The best that a general cache can do: one shared future for all who find no token, and
 * a refresh in the background at 80 % of the lifetime, like Evertoken's renewal. Entries
 * expire with their token and not before, which leaves the refresh the most time.
 */
final class CaffeineFilter implements Authorizer {

	private static final String KEY = "inventory";

	private final AsyncLoadingCache<String, IssuedToken> tokens;

	CaffeineFilter(TokenSource source) {
		this.tokens = Caffeine.newBuilder()
			.maximumSize(100)
			.expireAfter(Expiry.<String, IssuedToken>writing((key, token) -> token.usableFor(Duration.ZERO)))
			.refreshAfterWrite(source.lifetime().multipliedBy(8).dividedBy(10))
			.buildAsync((key, executor) -> source.call().toFuture());
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return Mono.fromFuture(() -> this.tokens.get(KEY), true)
			.flatMap((token) -> next.exchange(ConstantCopy.authorized(request, token.value())));
	}

}
