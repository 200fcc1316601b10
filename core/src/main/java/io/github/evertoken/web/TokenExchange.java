package io.github.evertoken.web;

import io.github.evertoken.lifecycle.HeldToken;
import io.github.evertoken.lifecycle.TokenLifecycle;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * One subscription to the exchange of one request: at most two attempts, each with the
 * token of its moment.
 */
final class TokenExchange {

	private static final Retry ONCE_MORE = Retry.max(1).filter(TokenRejected.class::isInstance);

	private final TokenLifecycle lifecycle;

	private final ClientRequest request;

	private final ExchangeFunction next;

	// Written before the second attempt is subscribed, by the signal that causes it.
	private boolean sentBefore;

	TokenExchange(TokenLifecycle lifecycle, ClientRequest request, ExchangeFunction next) {
		this.lifecycle = lifecycle;
		this.request = request;
		this.next = next;
	}

	/**
	 * Send the request, and once more if its token is rejected.
	 */
	Mono<ClientResponse> send() {
		return Mono.defer(this::attempt).retryWhen(ONCE_MORE);
	}

	/**
	 * Go on from a first attempt that was made without this exchange, as if it had been
	 * made with it.
	 */
	Mono<ClientResponse> recover(HeldToken token, ClientResponse rejection) {
		return Mono.defer(() -> this.sentBefore ? attempt() : answered(token, rejection)).retryWhen(ONCE_MORE);
	}

	private Mono<ClientResponse> attempt() {
		HeldToken token = this.lifecycle.usable();
		return (token != null) ? attempt(token) : this.lifecycle.token().flatMap(this::attempt);
	}

	private Mono<ClientResponse> attempt(HeldToken token) {
		return this.next.exchange(AuthorizedRequest.of(this.request, token))
			.flatMap((response) -> isAccepted(token, response) ? Mono.just(response) : answered(token, response));
	}

	/**
	 * Tell whether the resource server accepted the token, and let it be known. An error
	 * of the server's own tells nothing about the token.
	 */
	static boolean isAccepted(HeldToken token, ClientResponse response) {
		int status = response.statusCode().value();
		if (status < HttpStatus.INTERNAL_SERVER_ERROR.value() && status != HttpStatus.UNAUTHORIZED.value()) {
			token.accepted();
		}
		return status != HttpStatus.UNAUTHORIZED.value();
	}

	private Mono<ClientResponse> answered(HeldToken token, ClientResponse rejection) {
		boolean replaced = this.lifecycle.reject(token);
		if (this.sentBefore || !replaced) {
			return Mono.just(rejection);
		}
		this.sentBefore = true;
		return rejection.releaseBody().onErrorComplete().then(Mono.error(TokenRejected.INSTANCE));
	}

	/**
	 * Leads from the first attempt to the second, and never to a caller.
	 */
	private static final class TokenRejected extends RuntimeException {

		private static final long serialVersionUID = 1L;

		static final TokenRejected INSTANCE = new TokenRejected();

		private TokenRejected() {
			super("The token was rejected", null, false, false);
		}

	}

}
