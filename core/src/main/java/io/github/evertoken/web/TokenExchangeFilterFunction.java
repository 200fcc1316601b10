package io.github.evertoken.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import reactor.core.publisher.Mono;

import org.springframework.util.function.SingletonSupplier;
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
 * one whose caller has set an {@code Authorization} header or
 * {@link TokenAttributes#noToken}, and one that is itself the call for the client's
 * token. The subject is the one that {@link TokenAttributes#subject} names or
 * {@link TokenAttributes#subjectToken} stands for, or else the one that the client's
 * {@link SubjectResolver} or {@link SubjectTokenResolver} finds, or else the service
 * itself. The token is chosen when the exchange is subscribed, so that each retry of a
 * caller's own gets the token of that moment.
 *
 * @since 0.1.0
 */
public final class TokenExchangeFilterFunction implements ExchangeFilterFunction {

	/**
	 * The subject of a request that is made on behalf of nobody, who could log in.
	 */
	private static final String NOBODY = "anonymous";

	private final Supplier<TokenExchange> exchange;

	private final Supplier<RequestExplainer> explainer;

	private final Supplier<Set<String>> clients;

	/**
	 * Create a filter with the {@linkplain RejectionPolicy#standard() standard} policy.
	 * @param manager where the tokens come from; any that keeps to the contract will do,
	 * and a {@link DefaultTokenManager} is the quickest
	 * @param selector says which client a request belongs to
	 * @throws IllegalArgumentException if a {@link DefaultTokenManager} does not know one
	 * of the selector's clients
	 */
	public TokenExchangeFilterFunction(TokenManager manager, ClientSelector selector) {
		this(new Builder(manager, selector));
	}

	private TokenExchangeFilterFunction(Builder builder) {
		RequestExplainer explainer = new RequestExplainer(builder.selector, builder.tokenTypes());
		Function<TokenKey, KeyTokens> tokens = builder.tokens();
		TokenChoice choice = new TokenChoice(tokens, builder.clients(), builder.selector,
				new FilterPolicies(builder.policy, builder.policies, builder.bodyTime), Map.copyOf(builder.resolvers));
		TokenExchange exchange = new TokenExchange(choice, new UncoveredExchange(explainer,
				(client, caller) -> tokens.apply(TokenKey.of(client)).isIssuing(caller)));
		this.exchange = () -> exchange;
		this.explainer = () -> explainer;
		Set<String> clients = builder.selector.clients();
		this.clients = () -> clients;
	}

	private TokenExchangeFilterFunction(Supplier<TokenExchangeFilterFunction> filter) {
		this.exchange = SingletonSupplier.of(() -> filter.get().exchange.get());
		this.explainer = () -> filter.get().explainer();
		this.clients = () -> filter.get().clients();
	}

	/**
	 * Return a filter that is looked up at its first request, and does what that one
	 * does. A {@code WebClient} that is made before there can be a filter finds it there,
	 * and so does whoever takes the filter off a {@code WebClient.Builder}:
	 *
	 * <pre class="code">
	 * builder.filters((filters) -&gt; filters.removeIf(TokenExchangeFilterFunction.class::isInstance))
	 * </pre>
	 * @param filter looks up the filter
	 * @return the filter
	 */
	public static TokenExchangeFilterFunction deferred(Supplier<TokenExchangeFilterFunction> filter) {
		return new TokenExchangeFilterFunction(Objects.requireNonNull(filter, "filter"));
	}

	/**
	 * Start a filter.
	 * @param manager where the tokens come from; any that keeps to the contract will do,
	 * and a {@link DefaultTokenManager} is the quickest
	 * @param selector says which client a request belongs to
	 * @return a builder
	 * @throws IllegalArgumentException if a {@link DefaultTokenManager} does not know one
	 * of the selector's clients
	 */
	public static Builder builder(TokenManager manager, ClientSelector selector) {
		return new Builder(manager, selector);
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
		return this.exchange.get().filter(request, next);
	}

	/**
	 * Return what this filter does, for whoever does it otherwise.
	 */
	TokenExchange exchange() {
		return this.exchange.get();
	}

	/**
	 * Return what says of a request whether it carries a token, and why not, and knows
	 * the last requests that this filter has sent without one.
	 * @return the explainer, always the same
	 */
	public RequestExplainer explainer() {
		return this.explainer.get();
	}

	/**
	 * Return the clients whose tokens this filter sends. A request that names any other
	 * fails.
	 * @return their names; immutable
	 */
	public Set<String> clients() {
		return this.clients.get();
	}

	/**
	 * Builds a {@link TokenExchangeFilterFunction}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final TokenManager manager;

		private final ClientSelector selector;

		private final Map<String, TokenChoice.KeyResolver> resolvers = new HashMap<>();

		private final Map<String, ProofOfPossession> dpop = new HashMap<>();

		private final Map<String, String> tokenTypes = new HashMap<>();

		private final Map<String, RejectionPolicy> policies = new HashMap<>();

		private RejectionPolicy policy = RejectionPolicy.standard();

		private Duration bodyTime = KeptAnswer.MAX_TIME;

		private Builder(TokenManager manager, ClientSelector selector) {
			this.manager = manager;
			this.selector = selector;
			if (manager instanceof DefaultTokenManager defaultManager) {
				selector.clients().forEach((client) -> defaultManager.lifecycle(TokenKey.of(client)));
			}
		}

		/**
		 * Any other manager than the default one tells of a client that it does not know
		 * when it is asked.
		 */
		private Set<String> clients() {
			return (this.manager instanceof DefaultTokenManager defaultManager) ? defaultManager.clients()
					: this.selector.clients();
		}

		private Function<TokenKey, KeyTokens> tokens() {
			return KeyTokens.of(this.manager, Map.copyOf(this.dpop));
		}

		/**
		 * Bound tokens are sent as such, whatever else is said of them (RFC 9449, section
		 * 7.1).
		 */
		private Map<String, String> tokenTypes() {
			Map<String, String> types = new HashMap<>(this.tokenTypes);
			Function<TokenKey, KeyTokens> tokens = tokens();
			for (String client : this.selector.clients()) {
				if (tokens.apply(TokenKey.of(client)).dpop() != null) {
					types.put(client, ProofOfPossession.DPOP);
				}
			}
			return types;
		}

		/**
		 * Set what decides about a request that a resource server refuses.
		 * @param policy the policy; {@link RejectionPolicy#standard()} by default
		 * @return this builder
		 */
		public Builder rejectionPolicy(RejectionPolicy policy) {
			this.policy = Objects.requireNonNull(policy, "policy");
			return this;
		}

		/**
		 * Set what decides about the requests of one client that a resource server
		 * refuses, in place of the policy for all.
		 * @param client the client's name
		 * @param policy the policy
		 * @return this builder
		 */
		public Builder rejectionPolicy(String client, RejectionPolicy policy) {
			this.policies.put(client, Objects.requireNonNull(policy, "policy"));
			return this;
		}

		/**
		 * Say on whose behalf the requests of a client are made that do not say so
		 * themselves. Without it, they are made on behalf of the service itself.
		 * @param client the client's name
		 * @param resolver names the subject
		 * @return this builder
		 */
		public Builder subjectResolver(String client, SubjectResolver resolver) {
			if (resolver == SubjectResolver.service()) {
				this.resolvers.remove(client);
			}
			else {
				this.resolvers.put(client,
						(name, request) -> resolver.resolve(request)
							.map((subject) -> TokenKey.of(name, subject))
							.switchIfEmpty(Mono.fromSupplier(() -> TokenKey.of(name))));
			}
			return this;
		}

		/**
		 * Say which token stands for whoever the requests of a client are made on behalf
		 * of. A request for which there is none fails with a
		 * {@link ReauthenticationRequiredException}.
		 * @param client the name of a client that exchanges tokens or shows them as
		 * assertions
		 * @param resolver finds the token
		 * @return this builder
		 */
		public Builder subjectTokenResolver(String client, SubjectTokenResolver resolver) {
			this.resolvers.put(client,
					(name, request) -> resolver.resolve(request)
						.map((token) -> TokenKey.onBehalfOf(name, token))
						.switchIfEmpty(Mono.error(() -> new ReauthenticationRequiredException(TokenKey.of(name, NOBODY),
								"the request is made on behalf of nobody: there is no subject token", null, null,
								null))));
			return this;
		}

		/**
		 * Set what shows that a client holds the key to which its tokens are bound (RFC
		 * 9449), if the manager is neither a {@link DefaultTokenManager}, which knows it
		 * from the client's settings, nor leads to one.
		 * @param client the client's name
		 * @param proofs the proofs that its issuer uses too
		 * @return this builder
		 */
		public Builder dpop(String client, ProofOfPossession proofs) {
			this.dpop.put(client, Objects.requireNonNull(proofs, "proofs"));
			return this;
		}

		/**
		 * Set the type of a client's tokens, as far as it is to be told before there is
		 * one: each token itself says what it is sent with.
		 * @param client the client's name
		 * @param tokenType what stands before the client's tokens in the
		 * {@code Authorization} header; {@code Bearer} by default, or {@code DPoP}
		 * @return this builder
		 * @see RequestExplainer#explain
		 */
		public Builder tokenType(String client, String tokenType) {
			this.tokenTypes.put(client, Objects.requireNonNull(tokenType, "tokenType"));
			return this;
		}

		/**
		 * Set for how long the body of a refusal is read at the most.
		 * @param bodyTime the time; half a second by default
		 * @return this builder
		 */
		Builder bodyTime(Duration bodyTime) {
			this.bodyTime = bodyTime;
			return this;
		}

		/**
		 * Build the filter.
		 * @return the filter
		 */
		public TokenExchangeFilterFunction build() {
			return new TokenExchangeFilterFunction(this);
		}

	}

}
