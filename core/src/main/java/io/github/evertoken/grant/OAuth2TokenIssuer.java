package io.github.evertoken.grant;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Asks a token endpoint (RFC 6749, section 3.2): with the refresh token where one is held
 * (section 6), with the client's own {@link AuthorizationGrant} otherwise.
 * <p>
 * Every error is a {@link TokenException}, unless a grant or an authentication of the
 * user's own fails with another:
 * <ul>
 * <li>{@link io.github.evertoken.ReauthenticationRequiredException} for
 * {@code invalid_grant};</li>
 * <li>{@link io.github.evertoken.TokenRefusedException} for {@code invalid_client},
 * {@code unauthorized_client}, {@code invalid_scope} and
 * {@code unsupported_grant_type};</li>
 * <li>{@link io.github.evertoken.TransientTokenException} for all else, a redirect
 * included.</li>
 * </ul>
 * One call is one request: what follows a refused refresh token, how long a response may
 * take and when to try again is the manager's business.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class OAuth2TokenIssuer implements TokenIssuer {

	private final WebClient webClient;

	private final @Nullable URI tokenUri;

	private final @Nullable String issuer;

	private final @Nullable AuthorizationServerMetadataSource metadata;

	private final boolean mutualTls;

	private final AuthorizationGrant grant;

	private final ClientAuthentication clientAuthentication;

	private final Set<String> scope;

	private final MultiValueMap<String, String> parameters;

	private final TokenRequestFormat requestFormat;

	private final TokenResponseFormat responseFormat;

	private OAuth2TokenIssuer(Builder builder) {
		this.webClient = builder.webClient;
		this.metadata = builder.metadata;
		this.tokenUri = (builder.metadata != null) ? builder.tokenUri
				: Objects.requireNonNull(builder.tokenUri, "tokenUri");
		this.issuer = builder.issuer;
		this.mutualTls = builder.mutualTls;
		this.grant = builder.grant;
		this.clientAuthentication = Objects.requireNonNull(builder.clientAuthentication, "clientAuthentication");
		this.scope = builder.scope;
		this.parameters = builder.parameters;
		this.requestFormat = builder.requestFormat;
		this.responseFormat = builder.responseFormat;
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
		return Mono.defer(() -> prepare(request)).flatMap((prepared) -> send(request.key(), prepared));
	}

	private Mono<TokenEndpointRequest> prepare(TokenRequest request) {
		String refreshToken = request.refreshToken();
		return (refreshToken != null) ? prepare(request.key(), refresh(refreshToken))
				: this.grant.parameters(request).flatMap((own) -> prepare(request.key(), withScope(own)));
	}

	/**
	 * The scope is left out of a refresh, which then keeps the scope that was granted: it
	 * may be narrower than what is configured, and asking for more is an error.
	 */
	private static MultiValueMap<String, String> refresh(String refreshToken) {
		MultiValueMap<String, String> form = FormParameters.of("grant_type", "refresh_token");
		form.set("refresh_token", refreshToken);
		return form;
	}

	private MultiValueMap<String, String> withScope(MultiValueMap<String, String> own) {
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>(own);
		if (!this.scope.isEmpty()) {
			form.set("scope", String.join(" ", this.scope));
		}
		return form;
	}

	private Mono<TokenEndpointRequest> prepare(TokenKey key, MultiValueMap<String, String> form) {
		return newRequest(key).flatMap((prepared) -> {
			prepared.form().addAll(form);
			prepared.form().addAll(this.parameters);
			return this.clientAuthentication.authenticate(prepared).thenReturn(prepared);
		});
	}

	private Mono<TokenEndpointRequest> newRequest(TokenKey key) {
		URI tokenUri = this.tokenUri;
		return (tokenUri != null) ? Mono.fromSupplier(() -> new TokenEndpointRequest(tokenUri, this.issuer))
				: Objects.requireNonNull(this.metadata).metadata(key).map(this::newRequest);
	}

	private TokenEndpointRequest newRequest(AuthorizationServerMetadata metadata) {
		URI alias = this.mutualTls ? metadata.mutualTlsTokenEndpoint() : null;
		return new TokenEndpointRequest((alias != null) ? alias : metadata.tokenEndpoint(), metadata.issuer());
	}

	private Mono<TokenSet> send(TokenKey key, TokenEndpointRequest prepared) {
		TokenEndpointFailures failures = new TokenEndpointFailures(key, prepared);
		TokenResponseReader reader = new TokenResponseReader(failures, this.responseFormat);
		return this.webClient.post()
			.uri(prepared.uri())
			.headers((headers) -> headers.putAll(prepared.headers()))
			.accept(MediaType.APPLICATION_JSON)
			.body(this.requestFormat.body(prepared.form()))
			.exchangeToMono(reader::read)
			.onErrorMap((ex) -> !(ex instanceof TokenException), failures::exchangeFailed);
	}

	@Override
	public String toString() {
		return "OAuth2TokenIssuer[scope=" + this.scope + ", parameters=" + this.parameters.keySet() + "]";
	}

	/**
	 * Builds an {@link OAuth2TokenIssuer}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		/**
		 * RFC 6749, section 3.3.
		 */
		private static final Pattern SCOPE_TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

		/**
		 * What has a place of its own: no parameter may be sent twice (RFC 6749, section
		 * 3.2).
		 */
		private static final Set<String> RESERVED = Set.of("grant_type", "refresh_token", "scope", "client_secret");

		private final WebClient webClient;

		private @Nullable URI tokenUri;

		private @Nullable String issuer;

		private @Nullable AuthorizationServerMetadataSource metadata;

		private boolean mutualTls;

		private AuthorizationGrant grant = AuthorizationGrant.clientCredentials();

		private @Nullable ClientAuthentication clientAuthentication;

		private Set<String> scope = Set.of();

		private MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();

		private TokenRequestFormat requestFormat = TokenRequestFormat.FORM;

		private TokenResponseFormat responseFormat = TokenResponseFormat.standard();

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
		 * Set the issuer identifier of the authorization server (RFC 8414, section 2) for
		 * a token endpoint that is set by {@link #tokenUri}, see
		 * {@link TokenEndpointRequest#issuer()}. Otherwise the metadata tells it.
		 * @param issuer the identifier, or {@code null}, as by default, if it is not
		 * known
		 * @return this builder
		 */
		public Builder issuer(@Nullable String issuer) {
			this.issuer = issuer;
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
			for (String token : scope) {
				if (!SCOPE_TOKEN.matcher(token).matches()) {
					throw new IllegalArgumentException("Each scope must be one word of RFC 6749, section 3.3: '"
							+ token.replaceAll("\\p{Cntrl}", "?") + "' is none");
				}
			}
			this.scope = new LinkedHashSet<>(scope);
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
		 */
		public Builder parameters(MultiValueMap<String, String> parameters) {
			for (String name : parameters.keySet()) {
				if (RESERVED.contains(name)) {
					throw new IllegalArgumentException("'" + name + "' cannot be an extra parameter");
				}
			}
			this.parameters = new LinkedMultiValueMap<>(parameters).deepCopy();
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
		 * Build the issuer.
		 * @return the issuer
		 * @throws NullPointerException if something required was not set
		 */
		public OAuth2TokenIssuer build() {
			return new OAuth2TokenIssuer(this);
		}

	}

}
