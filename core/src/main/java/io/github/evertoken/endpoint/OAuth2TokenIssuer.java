package io.github.evertoken.endpoint;

import java.net.URI;
import java.util.Collection;
import java.util.Objects;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.discovery.AuthorizationServerMetadataSource;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.http.EndpointUri;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Asks a token endpoint (RFC 6749, section 3.2): with the refresh token where one is held
 * (section 6), with the client's own {@link AuthorizationGrant} otherwise.
 * <p>
 * Every error is a {@link TokenException}, unless a grant or an authentication of the
 * user's own fails with another:
 * <ul>
 * <li>{@link io.github.evertoken.ReauthenticationRequiredException} for
 * {@code invalid_grant}, and what else
 * {@linkplain AuthorizationGrant#isRefusedWith(String, String) refuses the grant}, after
 * a refresh token was shown or for the key of a subject;</li>
 * <li>{@link io.github.evertoken.TokenRefusedException} for what only another
 * configuration can help: {@code invalid_grant} for the client itself,
 * {@code invalid_client}, {@code unauthorized_client}, {@code invalid_request},
 * {@code access_denied}, {@code invalid_scope}, {@code unsupported_grant_type},
 * {@code invalid_target} (RFC 8707) and {@code invalid_authorization_details} (RFC 9396),
 * a status without a code that says so (301, 308, 401, 404, 405, 410, 415), a certificate
 * that is not trusted, and a token response that cannot be used;</li>
 * <li>{@link io.github.evertoken.TransientTokenException} for all else.</li>
 * </ul>
 * An error code counts at any status but 429, and also in an answer with success that has
 * no access token.
 * <p>
 * One call is one request; only where the client is refused, and
 * {@linkplain io.github.evertoken.authentication.TokenEndpointRequest#onRefusal would
 * authenticate otherwise by now}, it is two, and so it is where the server asks for a
 * nonce in the DPoP proof, or where the metadata has another endpoint than the one that
 * is gone. What follows a refused refresh token, how long a response may take and when to
 * try again is the manager's business.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class OAuth2TokenIssuer implements TokenIssuer {

	private final WebClient webClient;

	private final Endpoints endpoints;

	private final AuthorizationGrant grant;

	private final AuthenticatedRequests requests;

	private final TokenParameters parameters;

	private final TokenRequestFormat requestFormat;

	private final TokenResponseFormat responseFormat;

	private final TokenRevocation revocation;

	private final @Nullable ProofOfPossession dpop;

	private final ScopeReview scopeReview = new ScopeReview();

	private OAuth2TokenIssuer(Builder builder) {
		this.webClient = builder.webClient;
		this.endpoints = new Endpoints(builder.tokenUri, builder.revocationUri, builder.issuerUri, builder.metadata,
				builder.mutualTls);
		this.grant = builder.grant;
		this.parameters = builder.parameters.with(builder.extra.build());
		this.requestFormat = builder.requestFormat;
		this.responseFormat = (builder.dpop != null) ? builder.responseFormat.requiring(ProofOfPossession.DPOP)
				: builder.responseFormat;
		this.requests = new AuthenticatedRequests(
				Objects.requireNonNull(builder.clientAuthentication, "clientAuthentication"),
				this.responseFormat.errors());
		this.revocation = new TokenRevocation(this.webClient, this.endpoints, this.requests, this.parameters,
				this.requestFormat, this.responseFormat);
		this.dpop = builder.dpop;
	}

	/**
	 * Start an issuer.
	 * <p>
	 * The client must be the token endpoint's own, without Evertoken's filter, or else
	 * the call for a token would wait for that token. Its connector should neither follow
	 * redirects nor repeat a request by itself (Reactor Netty does so unless told
	 * {@code disableRetry(true)}): a refresh token that is sent twice looks stolen to a
	 * server that rotates them.
	 * @param webClient the client for the token endpoint
	 * @return a builder
	 */
	public static Builder builder(WebClient webClient) {
		return new Builder(webClient);
	}

	@Override
	public Mono<TokenSet> issue(TokenRequest request) {
		Mono<TokenSet> answer = this.requests.send(request.key(), Mono.defer(() -> prepare(request)),
				(prepared) -> send(request, prepared));
		return (this.dpop != null) ? answer.retryWhen(withNonce()) : answer;
	}

	/**
	 * The server wants another nonce in the proof than it got, and gives one (RFC 9449,
	 * section 8): nothing but the proof was wrong with the request.
	 */
	private static Retry withNonce() {
		return Retry.max(1)
			.filter((ex) -> ex instanceof TokenException failure && "use_dpop_nonce".equals(failure.error()))
			.onRetryExhaustedThrow((spec, signal) -> signal.failure());
	}

	private Mono<PreparedRequest> prepare(TokenRequest request) {
		String refreshToken = request.refreshToken();
		TokenParameters parameters = this.parameters.with(request.key().parameters());
		return (refreshToken != null)
				? prepare(request.key(), refresh(request.key(), refreshToken, parameters), parameters)
				: parametersOfGrant(request)
					.flatMap((own) -> prepare(request.key(), withAll(own, parameters), parameters));
	}

	private Mono<MultiValueMap<String, String>> parametersOfGrant(TokenRequest request) {
		return Mono.defer(() -> this.grant.parameters(request))
			.onErrorMap((ex) -> UserCodeFailure.of(request.key(), "there is nothing to ask with",
					"the client's AuthorizationGrant", ex));
	}

	/**
	 * The scope is left out of a refresh, which then keeps the scope that was granted: it
	 * may be narrower than what is configured, and asking for more is an error. What a
	 * request asks for on behalf of a subject is left in, and narrows what the subject
	 * has granted (RFC 6749, section 6).
	 */
	private static MultiValueMap<String, String> refresh(TokenKey key, String refreshToken,
			TokenParameters parameters) {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
		form.set("grant_type", "refresh_token");
		form.set("refresh_token", refreshToken);
		form.putAll(parameters.form());
		if (key.subject() == null || !key.parameters().form().containsKey("scope")) {
			form.remove("scope");
		}
		return form;
	}

	private static MultiValueMap<String, String> withAll(MultiValueMap<String, String> own,
			TokenParameters parameters) {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>(own);
		form.putAll(parameters.form());
		return form;
	}

	private Mono<PreparedRequest> prepare(TokenKey key, MultiValueMap<String, String> form,
			TokenParameters parameters) {
		return newRequest(key).doOnNext((prepared) -> {
			prepared.form().addAll(form);
			parameters.headers().forEach(prepared.headers()::set);
		});
	}

	private Mono<PreparedRequest> newRequest(TokenKey key) {
		return this.endpoints.token(key);
	}

	private Mono<TokenSet> send(TokenRequest request, PreparedRequest prepared) {
		prove(prepared);
		TokenEndpointFailures failures = TokenEndpointFailures.of(request.key(), prepared, meanings(request));
		TokenResponseReader reader = new TokenResponseReader(failures, this.responseFormat);
		return this.webClient.post()
			.uri(prepared.uri())
			.headers((headers) -> headers.putAll(prepared.headers()))
			.accept(MediaType.APPLICATION_JSON)
			.body(prepared.transmission().of(this.requestFormat.body(prepared.form())))
			.exchangeToMono((response) -> {
				takeNonce(prepared, response);
				return reader.read(response);
			})
			.doOnNext((tokens) -> this.scopeReview.review(request.key(), prepared.form().getFirst("scope"), tokens))
			.onErrorMap((ex) -> !(ex instanceof TokenException), failures::exchangeFailed);
	}

	private ErrorMeanings meanings(TokenRequest request) {
		boolean refresh = request.refreshToken() != null;
		return new ErrorMeanings(this.responseFormat.errors(),
				refresh ? AuthorizationGrant.refreshTokenOnly() : this.grant,
				!refresh && request.key().subject() == null);
	}

	private void prove(PreparedRequest prepared) {
		if (this.dpop != null) {
			prepared.headers()
				.set(ProofOfPossession.DPOP, this.dpop.proof(HttpMethod.POST.name(), prepared.uri(), null));
		}
	}

	private void takeNonce(PreparedRequest prepared, ClientResponse response) {
		if (this.dpop != null) {
			this.dpop.takeNonce(prepared.uri(), response.headers().asHttpHeaders().getFirst(ProofOfPossession.NONCE));
		}
	}

	/**
	 * Revoke a token set at the revocation endpoint, if there is one (RFC 7009): the
	 * refresh token first, then the access token. An access token that the server does
	 * not revoke is left to expire. The request is authenticated as a token request is,
	 * and sent once more where that would be.
	 */
	@Override
	public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return this.revocation.revoke(key, tokens);
	}

	/**
	 * Return the token endpoint, or where it is discovered the issuer identifier.
	 */
	@Override
	public Object endpoint() {
		return this.endpoints.identity();
	}

	@Override
	public String toString() {
		return "OAuth2TokenIssuer[parameters=" + this.parameters + "]";
	}

	/**
	 * Builds an {@link OAuth2TokenIssuer}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final WebClient webClient;

		private @Nullable URI tokenUri;

		private @Nullable URI revocationUri;

		private @Nullable String issuerUri;

		private @Nullable AuthorizationServerMetadataSource metadata;

		private boolean mutualTls;

		private AuthorizationGrant grant = AuthorizationGrant.clientCredentials();

		private @Nullable ClientAuthentication clientAuthentication;

		private final TokenParameters.Builder extra = TokenParameters.builder();

		private TokenParameters parameters = TokenParameters.none();

		private TokenRequestFormat requestFormat = TokenRequestFormat.FORM;

		private TokenResponseFormat responseFormat = TokenResponseFormat.standard();

		private @Nullable ProofOfPossession dpop;

		private Builder(WebClient webClient) {
			this.webClient = Objects.requireNonNull(webClient, "webClient");
		}

		/**
		 * Set the token endpoint. Required unless the {@linkplain #metadata metadata}
		 * tells it, over which it has precedence.
		 * @param tokenUri an absolute {@code http} or {@code https} URI without user
		 * information and fragment; it may have a query (RFC 6749, section 3.2)
		 * @return this builder
		 * @throws IllegalArgumentException if it is another
		 */
		public Builder tokenUri(URI tokenUri) {
			this.tokenUri = EndpointUri.require(tokenUri, "The token endpoint");
			return this;
		}

		/**
		 * Set the revocation endpoint (RFC 7009). Without it, that of the
		 * {@linkplain #metadata metadata} is used, and where that has none, tokens are
		 * only forgotten.
		 * @param revocationUri an absolute {@code http} or {@code https} URI without user
		 * information and fragment
		 * @return this builder
		 * @throws IllegalArgumentException if it is another
		 */
		public Builder revocationUri(URI revocationUri) {
			this.revocationUri = EndpointUri.require(revocationUri, "The revocation endpoint");
			return this;
		}

		/**
		 * Set the issuer identifier of the authorization server (RFC 8414, section 2) for
		 * a token endpoint that is set by {@link #tokenUri}, see
		 * {@link io.github.evertoken.authentication.TokenEndpointRequest#issuerUri()}.
		 * Otherwise the metadata tells it.
		 * @param issuerUri the identifier, or {@code null}, as by default, if it is not
		 * known
		 * @return this builder
		 */
		public Builder issuerUri(@Nullable String issuerUri) {
			this.issuerUri = issuerUri;
			return this;
		}

		/**
		 * Set where the token endpoint is found out, at each flight: the source is to
		 * keep what it found.
		 * @param metadata the source
		 * @return this builder
		 */
		public Builder metadata(AuthorizationServerMetadataSource metadata) {
			this.metadata = Objects.requireNonNull(metadata, "metadata");
			return this;
		}

		/**
		 * Set whether the client authenticates by mutual TLS ({@code tls_client_auth},
		 * {@code self_signed_tls_client_auth}). If so, the metadata's own endpoint for
		 * that is used where there is one (RFC 8705, section 5).
		 * @param mutualTls whether it does, {@code false} by default
		 * @return this builder
		 */
		public Builder mutualTls(boolean mutualTls) {
			this.mutualTls = mutualTls;
			return this;
		}

		/**
		 * Set the client's own grant, used whenever no refresh token is held.
		 * @param grant the grant; {@link AuthorizationGrant#clientCredentials()} by
		 * default
		 * @return this builder
		 */
		public Builder grant(AuthorizationGrant grant) {
			this.grant = Objects.requireNonNull(grant, "grant");
			return this;
		}

		/**
		 * Set how the client proves who it is. Required.
		 * @param clientAuthentication the authentication
		 * @return this builder
		 */
		public Builder clientAuthentication(ClientAuthentication clientAuthentication) {
			this.clientAuthentication = Objects.requireNonNull(clientAuthentication, "clientAuthentication");
			return this;
		}

		/**
		 * Set the scope that the own grant asks for. A refresh keeps the scope that was
		 * granted (RFC 6749, section 6).
		 * @param scope the scope; if empty, as by default, the server decides
		 * @return this builder
		 * @throws IllegalArgumentException if an element is no {@code scope-token} of RFC
		 * 6749, section 3.3
		 */
		public Builder scope(Collection<String> scope) {
			this.extra.scope(scope);
			return this;
		}

		/**
		 * Set form parameters that are sent as they are with every request, a refresh
		 * included: {@code audience}, {@code resource} (RFC 8707) and whatever else the
		 * server wants.
		 * @param parameters the parameters; none by default. See
		 * {@link MultiValueMap#fromSingleValue} for a plain map.
		 * @return this builder
		 * @throws IllegalArgumentException if one of them has a place of its own
		 * @see #parameters(TokenParameters)
		 */
		public Builder parameters(MultiValueMap<String, String> parameters) {
			parameters.forEach((name, values) -> this.extra.parameter(name, values.toArray(String[]::new)));
			return this;
		}

		/**
		 * Set what every token of the client is asked for with. The parameters of a key
		 * have precedence, name by name.
		 * @param parameters the parameters; none by default. What is set with
		 * {@link #scope} and {@link #parameters(MultiValueMap)} goes on top.
		 * @return this builder
		 */
		public Builder parameters(TokenParameters parameters) {
			this.parameters = Objects.requireNonNull(parameters, "parameters");
			return this;
		}

		/**
		 * Set how the parameters of a request are written.
		 * @param requestFormat the format, {@link TokenRequestFormat#FORM} by default
		 * @return this builder
		 */
		public Builder requestFormat(TokenRequestFormat requestFormat) {
			this.requestFormat = Objects.requireNonNull(requestFormat, "requestFormat");
			return this;
		}

		/**
		 * Set where a response has what.
		 * @param responseFormat the format, {@link TokenResponseFormat#standard()} by
		 * default
		 * @return this builder
		 */
		public Builder responseFormat(TokenResponseFormat responseFormat) {
			this.responseFormat = Objects.requireNonNull(responseFormat, "responseFormat");
			return this;
		}

		/**
		 * Set what binds the tokens to a key (RFC 9449). A token that the server does not
		 * bind is then refused. The resource servers are to be shown proofs of the same
		 * key.
		 * @param dpop the proofs, or {@code null} for bearer tokens, as by default
		 * @return this builder
		 */
		public Builder dpop(@Nullable ProofOfPossession dpop) {
			this.dpop = dpop;
			return this;
		}

		/**
		 * Build the issuer.
		 * @return the issuer
		 * @throws NullPointerException if something required was not set
		 */
		public OAuth2TokenIssuer build() {
			return new OAuth2TokenIssuer(this);
		}

	}

}
