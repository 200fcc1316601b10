package io.github.evertoken.grant;

import java.net.URI;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Revokes tokens where there is an endpoint for it (RFC 7009).
 */
final class TokenRevocation {

	/**
	 * RFC 7009, section 2.2.1: the server revokes tokens, but none of this type.
	 */
	private static final String UNSUPPORTED = "unsupported_token_type";

	private final WebClient webClient;

	private final @Nullable URI revocationUri;

	private final @Nullable String issuer;

	private final @Nullable AuthorizationServerMetadataSource metadata;

	private final boolean mutualTls;

	private final ClientAuthentication clientAuthentication;

	TokenRevocation(WebClient webClient, @Nullable URI revocationUri, @Nullable String issuer,
			@Nullable AuthorizationServerMetadataSource metadata, boolean mutualTls,
			ClientAuthentication clientAuthentication) {
		this.webClient = webClient;
		this.revocationUri = revocationUri;
		this.issuer = issuer;
		this.metadata = metadata;
		this.mutualTls = mutualTls;
		this.clientAuthentication = clientAuthentication;
	}

	/**
	 * Revoke a token set: the refresh token first, with which most servers revoke the
	 * access tokens too (RFC 7009, section 2.1), then the access token.
	 */
	Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return Flux
			.concat(revoke(key, tokens.refreshToken(), "refresh_token"),
					revoke(key, tokens.accessToken(), "access_token"))
			.then();
	}

	private Mono<Void> revoke(TokenKey key, @Nullable String token, String hint) {
		return (token == null) ? Mono.empty()
				: newRequest(key).flatMap((request) -> authenticated(key, request, token, hint))
					.flatMap((request) -> send(key, request));
	}

	private Mono<TokenEndpointRequest> newRequest(TokenKey key) {
		URI revocationUri = this.revocationUri;
		if (revocationUri != null) {
			return Mono.fromSupplier(() -> new TokenEndpointRequest(revocationUri, this.issuer));
		}
		return (this.metadata != null) ? this.metadata.metadata(key).mapNotNull(this::newRequest) : Mono.empty();
	}

	private @Nullable TokenEndpointRequest newRequest(AuthorizationServerMetadata metadata) {
		URI alias = this.mutualTls ? metadata.mutualTlsRevocationEndpoint() : null;
		URI endpoint = (alias != null) ? alias : metadata.revocationEndpoint();
		return (endpoint != null) ? new TokenEndpointRequest(endpoint, metadata.issuer()) : null;
	}

	private Mono<TokenEndpointRequest> authenticated(TokenKey key, TokenEndpointRequest request, String token,
			String hint) {
		request.form().set("token", token);
		request.form().set("token_type_hint", hint);
		return this.clientAuthentication.authenticate(request)
			.onErrorMap(CredentialException.class,
					(ex) -> new TransientTokenException(key, "the client cannot authenticate: " + ex.getMessage(),
							ex.getCause()))
			.thenReturn(request);
	}

	private Mono<Void> send(TokenKey key, TokenEndpointRequest request) {
		TokenEndpointFailures failures = TokenEndpointFailures.ofRevocation(key, request);
		return this.webClient.post()
			.uri(request.uri())
			.headers((headers) -> headers.putAll(request.headers()))
			.accept(MediaType.APPLICATION_JSON)
			.body(BodyInserters.fromFormData(request.form()))
			.exchangeToMono((response) -> read(response, failures))
			.onErrorMap((ex) -> !(ex instanceof TokenException), failures::exchangeFailed)
			.onErrorResume(TokenException.class,
					(ex) -> UNSUPPORTED.equals(ex.error()) ? Mono.empty() : Mono.error(ex));
	}

	/**
	 * A token that the server does not know is revoked already (RFC 7009, section 2.2).
	 */
	private static Mono<Void> read(ClientResponse response, TokenEndpointFailures failures) {
		return response.statusCode().is2xxSuccessful() ? response.releaseBody()
				: new TokenResponseReader(failures, TokenResponseFormat.standard()).read(response).then();
	}

}
