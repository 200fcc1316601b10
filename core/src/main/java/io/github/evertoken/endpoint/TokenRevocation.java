package io.github.evertoken.endpoint;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import io.github.evertoken.grant.AuthorizationGrant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Revokes tokens where there is an endpoint for it (RFC 7009), with the client's
 * authentication and headers, and in its format of requests.
 */
final class TokenRevocation {

	/**
	 * RFC 7009, section 2.2.1: the server revokes tokens, but none of this type.
	 */
	private static final String UNSUPPORTED = "unsupported_token_type";

	private final WebClient webClient;

	private final Endpoints endpoints;

	private final AuthenticatedRequests requests;

	private final TokenParameters parameters;

	private final TokenRequestFormat requestFormat;

	private final TokenResponseFormat responseFormat;

	TokenRevocation(WebClient webClient, Endpoints endpoints, AuthenticatedRequests requests,
			TokenParameters parameters, TokenRequestFormat requestFormat, TokenResponseFormat responseFormat) {
		this.webClient = webClient;
		this.endpoints = endpoints;
		this.requests = requests;
		this.parameters = parameters;
		this.requestFormat = requestFormat;
		this.responseFormat = responseFormat;
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
				: this.requests.send(key, Mono.defer(() -> prepare(key, token, hint)), (request) -> send(key, request))
					.onErrorResume(TokenException.class,
							(ex) -> UNSUPPORTED.equals(ex.error()) ? Mono.empty() : Mono.error(ex));
	}

	/**
	 * Of what is asked for with a token, the headers alone are for whoever is on the way
	 * to the server; the parameters say what the token is to be.
	 */
	private Mono<PreparedRequest> prepare(TokenKey key, String token, String hint) {
		return this.endpoints.revocation(key).doOnNext((request) -> {
			request.form().set("token", token);
			request.form().set("token_type_hint", hint);
			this.parameters.with(key.parameters()).headers().forEach(request.headers()::set);
		});
	}

	private Mono<Void> send(TokenKey key, PreparedRequest request) {
		TokenEndpointFailures failures = TokenEndpointFailures.ofRevocation(key, request,
				new ErrorMeanings(this.responseFormat.errors(), AuthorizationGrant.refreshTokenOnly(), false));
		// A token that the server does not know is revoked already (RFC 7009, section
		// 2.2).
		TokenResponseReader reader = new TokenResponseReader(failures, this.responseFormat);
		return this.webClient.post()
			.uri(request.uri())
			.headers((headers) -> headers.putAll(request.headers()))
			.accept(MediaType.APPLICATION_JSON)
			.body(request.transmission().of(this.requestFormat.body(request.form())))
			.exchangeToMono(reader::readNothing)
			.onErrorMap((ex) -> !(ex instanceof TokenException), failures::exchangeFailed);
	}

}
