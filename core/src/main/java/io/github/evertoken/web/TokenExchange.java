package io.github.evertoken.web;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.Origin;
import io.github.evertoken.TokenKey;
import io.github.evertoken.grant.DpopProofs;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenLifecycle;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * What {@link TokenExchangeFilterFunction} does.
 */
final class TokenExchange {

	/**
	 * In lower case, as the map of the headers looks it up: it need not make it so.
	 */
	private static final String AUTHORIZATION = HttpHeaders.AUTHORIZATION.toLowerCase(Locale.ROOT);

	private final DefaultTokenManager manager;

	private final ClientSelector selector;

	private final RejectionPolicy policy;

	private final Map<String, TokenLifecycle> services;

	private final Map<String, KeyResolver> resolvers;

	/**
	 * Create an exchange.
	 * @param manager where the tokens come from
	 * @param selector says which client a request belongs to
	 * @param policy decides about a request that a resource server refuses
	 * @param resolvers those that say on whose behalf the requests of a client are made
	 */
	TokenExchange(DefaultTokenManager manager, ClientSelector selector, RejectionPolicy policy,
			Map<String, KeyResolver> resolvers) {
		this.manager = manager;
		this.selector = selector;
		this.policy = new FilterPolicy(policy);
		this.resolvers = resolvers;
		this.services = new HashMap<>();
		this.manager.clients()
			.forEach((client) -> this.services.put(client, this.manager.lifecycle(TokenKey.of(client))));
	}

	Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		RequestedToken requested = RequestedToken.of(request);
		if (requested.noToken()) {
			return next.exchange(request);
		}
		String named = requested.client();
		String client = (named != null) ? requireAllowed(named, request) : this.selector.select(request.url());
		if (client == null || request.headers().containsHeader(AUTHORIZATION)) {
			return next.exchange(request);
		}
		if (requested.isForSubject() || this.resolvers.isEmpty() || !this.resolvers.containsKey(client)) {
			return exchange(lifecycle(client, requested), requested, request, next);
		}
		return resolved(client, requested, request)
			.flatMap((lifecycle) -> exchange(lifecycle, requested, request, next));
	}

	private Mono<ClientResponse> exchange(TokenLifecycle lifecycle, RequestedToken requested, ClientRequest request,
			ExchangeFunction next) {
		DpopProofs dpop = lifecycle.dpop();
		return (dpop == null) ? exchangeWithToken(lifecycle, requested, request, next)
				: Mono.defer(() -> exchangeWithToken(lifecycle, requested, request, new DpopExchange(dpop, next)));
	}

	private Mono<ClientResponse> exchangeWithToken(TokenLifecycle lifecycle, RequestedToken requested,
			ClientRequest request, ExchangeFunction next) {
		return new TokenExchangeMono(lifecycle, request, next, this.policy, requested.expectedDuration());
	}

	private Mono<TokenLifecycle> resolved(String client, RequestedToken requested, ClientRequest request) {
		KeyResolver resolver = Objects.requireNonNull(this.resolvers.get(client));
		return Mono.defer(() -> resolver.resolve(client, request))
			.map((key) -> this.manager.lifecycle(key.withParameters(requested.parameters())));
	}

	private String requireAllowed(String client, ClientRequest request) {
		this.manager.lifecycle(TokenKey.of(client));
		if (!this.selector.allows(client, request.url())) {
			throw new IllegalArgumentException(
					"The tokens of client '" + client + "' must not go to " + destination(client, request.url()));
		}
		return client;
	}

	/**
	 * Say where a request would go, and how that can be allowed, without the rest of its
	 * URL.
	 */
	private static String destination(String client, URI url) {
		try {
			Origin origin = Origin.of(url);
			return origin + "; add it to evertoken.clients." + client + ".origins if they may";
		}
		catch (IllegalArgumentException ex) {
			return "a URL that " + ex.getMessage();
		}
	}

	private TokenLifecycle lifecycle(String client, RequestedToken requested) {
		TokenLifecycle service = requested.isForService() ? this.services.get(client) : null;
		return (service != null) ? service : this.manager.lifecycle(requested.key(client));
	}

	/**
	 * Says which key's token a request is to carry that does not say so itself.
	 */
	@FunctionalInterface
	interface KeyResolver {

		Mono<TokenKey> resolve(String client, ClientRequest request);

	}

}
