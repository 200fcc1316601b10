package io.github.evertoken.web;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import io.github.evertoken.Origin;
import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenKey;
import io.github.evertoken.web.Explanation.Reason;
import org.jspecify.annotations.Nullable;
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

	private final Function<TokenKey, KeyTokens> tokens;

	private final ClientSelector selector;

	private final FilterPolicies policies;

	private final Map<String, KeyTokens> services;

	private final Map<String, KeyResolver> resolvers;

	private final UncoveredExchange uncovered;

	/**
	 * Create an exchange.
	 * @param tokens gives the tokens of a key
	 * @param clients those clients whose own tokens are to be at hand
	 * @param selector says which client a request belongs to
	 * @param policies decide about a request that a resource server refuses
	 * @param resolvers those that say on whose behalf the requests of a client are made
	 * @param explainer is told of the requests that carry no token
	 */
	TokenExchange(Function<TokenKey, KeyTokens> tokens, Set<String> clients, ClientSelector selector,
			FilterPolicies policies, Map<String, KeyResolver> resolvers, RequestExplainer explainer) {
		this.tokens = tokens;
		this.selector = selector;
		this.policies = policies;
		this.resolvers = resolvers;
		this.uncovered = new UncoveredExchange(explainer,
				(client, caller) -> this.tokens.apply(TokenKey.of(client)).isIssuing(caller));
		this.services = new HashMap<>();
		clients.forEach((client) -> this.services.put(client, this.tokens.apply(TokenKey.of(client))));
	}

	Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		RequestedToken requested = RequestedToken.of(request);
		if (requested.noToken()) {
			return this.uncovered.exchange(Reason.NO_TOKEN_WANTED, null, request, next);
		}
		String named = requested.client();
		String client = (named != null) ? requireAllowed(named, request) : this.selector.select(request.url());
		if (client == null || request.headers().containsHeader(AUTHORIZATION)) {
			return withoutToken(client, request, next);
		}
		if (UncoveredExchange.isLogged()) {
			UncoveredExchange.logCovered(request, client);
		}
		if (requested.isForSubject() || this.resolvers.isEmpty() || !this.resolvers.containsKey(client)) {
			return exchange(tokens(client, requested), this.policies.of(client), requested, request, next);
		}
		return resolved(client, requested, request)
			.flatMap((tokens) -> exchange(tokens, this.policies.of(client), requested, request, next));
	}

	private Mono<ClientResponse> withoutToken(@Nullable String client, ClientRequest request, ExchangeFunction next) {
		boolean set = request.headers().containsHeader(AUTHORIZATION);
		return this.uncovered.exchange(set ? Reason.AUTHORIZATION_SET : Reason.NO_CLIENT, client, request, next);
	}

	private static Mono<ClientResponse> exchange(KeyTokens tokens, RejectionPolicy policy, RequestedToken requested,
			ClientRequest request, ExchangeFunction next) {
		ProofOfPossession dpop = tokens.dpop();
		return (dpop == null) ? exchangeWithToken(tokens, policy, requested, request, next)
				: Mono.defer(() -> exchangeWithToken(tokens, policy, requested, request, new DpopExchange(dpop, next)));
	}

	private static Mono<ClientResponse> exchangeWithToken(KeyTokens tokens, RejectionPolicy policy,
			RequestedToken requested, ClientRequest request, ExchangeFunction next) {
		return new TokenExchangeMono(tokens, request, next, policy, requested.expectedDuration());
	}

	private Mono<KeyTokens> resolved(String client, RequestedToken requested, ClientRequest request) {
		KeyResolver resolver = Objects.requireNonNull(this.resolvers.get(client));
		return Mono.defer(() -> resolver.resolve(client, request))
			.map((key) -> this.tokens.apply(key.withParameters(requested.parameters())));
	}

	private String requireAllowed(String client, ClientRequest request) {
		this.tokens.apply(TokenKey.of(client));
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

	private KeyTokens tokens(String client, RequestedToken requested) {
		KeyTokens service = requested.isForService() ? this.services.get(client) : null;
		return (service != null) ? service : this.tokens.apply(requested.key(client));
	}

	/**
	 * Says which key's token a request is to carry that does not say so itself.
	 */
	@FunctionalInterface
	interface KeyResolver {

		Mono<TokenKey> resolve(String client, ClientRequest request);

	}

}
