package io.github.evertoken.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.TokenKey;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenLifecycle;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Sends each request with the token of the client that it belongs to, and once more if
 * the resource server refuses the token.
 * <p>
 * The client is the one that {@link TokenAttributes#client} names, or else the one whose
 * base URL covers the request's URL. A request of no client passes untouched, and so does
 * one whose caller has set an {@code Authorization} header, and one that is itself the
 * call for the client's token. The subject is the one that
 * {@link TokenAttributes#subject} names, or else the one that the client's
 * {@link SubjectResolver} does, or else the service itself. The token is chosen when the
 * exchange is subscribed, so that each retry of a caller's own gets the token of that
 * moment.
 *
 * @since 0.1.0
 */
public final class TokenExchangeFilterFunction implements ExchangeFilterFunction {

	/**
	 * In lower case, as the map of the headers looks it up: it need not make it so.
	 */
	private static final String AUTHORIZATION = HttpHeaders.AUTHORIZATION.toLowerCase(Locale.ROOT);

	private final DefaultTokenManager manager;

	private final ClientSelector selector;

	private final RejectionPolicy policy;

	private final Map<String, TokenLifecycle> services;

	private final Map<String, SubjectResolver> resolvers;

	/**
	 * Create a filter with the {@linkplain RejectionPolicy#standard() standard} policy.
	 * @param manager where the tokens come from
	 * @param selector says which client a request belongs to
	 * @throws IllegalArgumentException if the manager does not know one of the selector's
	 * clients
	 */
	public TokenExchangeFilterFunction(DefaultTokenManager manager, ClientSelector selector) {
		this(manager, selector, RejectionPolicy.standard());
	}

	/**
	 * Create a filter.
	 * @param manager where the tokens come from
	 * @param selector says which client a request belongs to
	 * @param policy decides what follows when a resource server refuses a request
	 * @throws IllegalArgumentException if the manager does not know one of the selector's
	 * clients
	 */
	public TokenExchangeFilterFunction(DefaultTokenManager manager, ClientSelector selector, RejectionPolicy policy) {
		this(manager, selector, policy, Map.of());
	}

	/**
	 * Create a filter that makes requests on behalf of subjects.
	 * @param manager where the tokens come from
	 * @param selector says which client a request belongs to
	 * @param policy decides what follows when a resource server refuses a request
	 * @param resolvers say on whose behalf the requests of each client are made that do
	 * not say so themselves; those of a client without one, on behalf of the service
	 * itself
	 * @throws IllegalArgumentException if the manager does not know one of the selector's
	 * clients
	 */
	public TokenExchangeFilterFunction(DefaultTokenManager manager, ClientSelector selector, RejectionPolicy policy,
			Map<String, SubjectResolver> resolvers) {
		this.policy = policy;
		this.resolvers = new HashMap<>(resolvers);
		this.resolvers.values().removeIf((resolver) -> resolver == SubjectResolver.service());
		this.manager = manager;
		this.selector = selector;
		selector.clients().forEach((client) -> manager.lifecycle(TokenKey.of(client)));
		this.services = new HashMap<>();
		manager.clients().forEach((client) -> this.services.put(client, manager.lifecycle(TokenKey.of(client))));
	}

	/**
	 * Send a request with its token.
	 * @param request the request
	 * @param next the exchange that sends it
	 * @return the response, of the second attempt if there was one; the {@code Mono}
	 * fails with a {@link io.github.evertoken.TokenException} if no token can be had, in
	 * which case the request is not sent
	 * @throws IllegalArgumentException if the request names a client that there is not,
	 * or one whose tokens must not go where the request goes
	 */
	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		Map<String, Object> attributes = request.attributes();
		String named = (String) attributes.get(TokenAttributes.CLIENT);
		String client = (named != null) ? requireAllowed(named, request) : this.selector.select(request.url());
		if (client == null || request.headers().containsHeader(AUTHORIZATION)) {
			return next.exchange(request);
		}
		String subject = (String) attributes.get(TokenAttributes.SUBJECT);
		if (subject == null && !this.resolvers.isEmpty() && this.resolvers.containsKey(client)) {
			return resolved(client, request).flatMap((lifecycle) -> exchange(lifecycle, request, next));
		}
		return exchange(lifecycle(client, subject), request, next);
	}

	private Mono<ClientResponse> exchange(TokenLifecycle lifecycle, ClientRequest request, ExchangeFunction next) {
		return new TokenExchangeMono(lifecycle, request, next, this.policy,
				(Duration) request.attributes().get(TokenAttributes.EXPECTED_DURATION));
	}

	private Mono<TokenLifecycle> resolved(String client, ClientRequest request) {
		SubjectResolver resolver = Objects.requireNonNull(this.resolvers.get(client));
		return Mono.defer(() -> resolver.resolve(request))
			.map((subject) -> lifecycle(client, subject))
			.switchIfEmpty(Mono.fromSupplier(() -> lifecycle(client, null)));
	}

	private String requireAllowed(String client, ClientRequest request) {
		this.manager.lifecycle(TokenKey.of(client));
		if (!this.selector.allows(client, request.url())) {
			throw new IllegalArgumentException("The tokens of client '" + client + "' must not go to "
					+ request.url().getScheme() + "://" + BaseUrl.host(request.url()) + "; add it to evertoken.clients."
					+ client + ".origins if they may");
		}
		return client;
	}

	private TokenLifecycle lifecycle(String client, @Nullable String subject) {
		TokenLifecycle service = (subject == null) ? this.services.get(client) : null;
		return (service != null) ? service : this.manager.lifecycle(TokenKey.of(client, subject));
	}

}
