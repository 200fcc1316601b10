package io.github.evertoken.grant;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientResponse;
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

	private final RevocationEndpoint endpoint;

	private final AuthenticatedRequests requests;

	private final TokenParameters parameters;

	private final TokenRequestFormat requestFormat;

	TokenRevocation(WebClient webClient, RevocationEndpoint endpoint, AuthenticatedRequests requests,
			TokenParameters parameters, TokenRequestFormat requestFormat) {
		this.webClient = webClient;
		this.endpoint = endpoint;
		this.requests = requests;
		this.parameters = parameters;
		this.requestFormat = requestFormat;
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
	private Mono<TokenEndpointRequest> prepare(TokenKey key, String token, String hint) {
		return this.endpoint.newRequest(key).doOnNext((request) -> {
			request.form().set("token", token);
			request.form().set("token_type_hint", hint);
			this.parameters.with(key.parameters()).headers().forEach(request.headers()::set);
		});
	}

	private Mono<Void> send(TokenKey key, TokenEndpointRequest request) {
		Transmission transmission = new Transmission();
		TokenEndpointFailures failures = TokenEndpointFailures.ofRevocation(key, request, transmission);
		return this.webClient.post()
			.uri(request.uri())
			.headers((headers) -> headers.putAll(request.headers()))
			.accept(MediaType.APPLICATION_JSON)
			.body(transmission.of(this.requestFormat.body(request.form())))
			.exchangeToMono((response) -> read(response, failures))
			.onErrorMap((ex) -> !(ex instanceof TokenException), failures::exchangeFailed);
	}

	/**
	 * A token that the server does not know is revoked already (RFC 7009, section 2.2).
	 */
	private static Mono<Void> read(ClientResponse response, TokenEndpointFailures failures) {
		return response.statusCode().is2xxSuccessful() ? response.releaseBody()
				: new TokenResponseReader(failures, TokenResponseFormat.standard()).read(response).then();
	}

}
