package io.github.evertoken.web;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import io.github.evertoken.Origin;
import io.github.evertoken.TokenKey;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.web.Explanation.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * Says which token a request is to carry, if any, and what is to be decided by when a
 * resource server refuses it. It is the same for requests that wait for their answer on a
 * thread and for those that do not.
 */
final class TokenChoice {

	/**
	 * In lower case, as the map of the headers looks it up: it need not make it so.
	 */
	private static final String AUTHORIZATION = HttpHeaders.AUTHORIZATION.toLowerCase(Locale.ROOT);

	private final Function<TokenKey, KeyTokens> tokens;

	private final ClientSelector selector;

	private final FilterPolicies policies;

	private final Map<String, KeyTokens> services;

	private final Map<String, KeyResolver> resolvers;

	/**
	 * Create a choice.
	 * @param tokens gives the tokens of a key
	 * @param clients those clients whose own tokens are to be at hand
	 * @param selector says which client a request belongs to
	 * @param policies decide about a request that a resource server refuses
	 * @param resolvers those that say on whose behalf the requests of a client are made
	 */
	TokenChoice(Function<TokenKey, KeyTokens> tokens, Set<String> clients, ClientSelector selector,
			FilterPolicies policies, Map<String, KeyResolver> resolvers) {
		this.tokens = tokens;
		this.selector = selector;
		this.policies = policies;
		this.resolvers = resolvers;
		this.services = new HashMap<>();
		clients.forEach((client) -> this.services.put(client, this.tokens.apply(TokenKey.of(client))));
	}

	/**
	 * Return the client that a request belongs to, or {@code null} if it belongs to none.
	 * @throws IllegalArgumentException if the request names a client that there is not,
	 * or one whose tokens must not go where the request goes
	 */
	@Nullable String client(RequestedToken requested, ClientRequest request) {
		String named = requested.client();
		return (named != null) ? requireAllowed(named, request) : this.selector.select(request.url());
	}

	private String requireAllowed(String client, ClientRequest request) {
		this.tokens.apply(TokenKey.of(client));
		if (!this.selector.allows(client, request.url())) {
			throw new IllegalArgumentException("The tokens of client '" + client + "' must not go to "
					+ destination(client, request.url()) + Troubleshooting.ORIGIN_NOT_ALLOWED.reference());
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

	/**
	 * Tell whether the caller has set the header that a token would go into.
	 */
	static boolean isAuthorized(ClientRequest request) {
		return request.headers().containsHeader(AUTHORIZATION);
	}

	/**
	 * Return why a request carries no token that asks for none to be left out.
	 */
	static Reason reasonWithout(ClientRequest request) {
		return isAuthorized(request) ? Reason.AUTHORIZATION_SET : Reason.NO_CLIENT;
	}

	/**
	 * Tell whether the tokens of a request are known without asking anybody.
	 */
	boolean isKnown(String client, RequestedToken requested) {
		return requested.isForSubject() || this.resolvers.isEmpty() || !this.resolvers.containsKey(client);
	}

	/**
	 * Return the tokens of a request of which they are known.
	 */
	KeyTokens tokens(String client, RequestedToken requested) {
		KeyTokens service = requested.isForService() ? this.services.get(client) : null;
		return (service != null) ? service : this.tokens.apply(requested.key(client));
	}

	/**
	 * Return the tokens of a request for which the client's resolver is asked, in the
	 * Reactor Context of the subscriber.
	 */
	Mono<KeyTokens> resolved(String client, RequestedToken requested, ClientRequest request) {
		KeyResolver resolver = Objects.requireNonNull(this.resolvers.get(client));
		return Mono.defer(() -> resolver.resolve(client, request))
			.map((key) -> this.tokens.apply(key.withParameters(requested.parameters())));
	}

	RejectionPolicy policy(String client) {
		return this.policies.of(client);
	}

	/**
	 * Says which key's token a request is to carry that does not say so itself.
	 */
	@FunctionalInterface
	interface KeyResolver {

		Mono<TokenKey> resolve(String client, ClientRequest request);

	}

}
