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

	Mono<ClientResponse> send() {
		return Mono.defer(this::attempt).retryWhen(ONCE_MORE);
	}

	private Mono<ClientResponse> attempt() {
		HeldToken token = this.lifecycle.usable();
		return (token != null) ? attempt(token) : this.lifecycle.token().flatMap(this::attempt);
	}

	private Mono<ClientResponse> attempt(HeldToken token) {
		return this.next.exchange(new AuthorizedRequest(this.request, token.accessToken().headerValue()))
			.flatMap((response) -> answered(token, response));
	}

	private Mono<ClientResponse> answered(HeldToken token, ClientResponse response) {
		int status = response.statusCode().value();
		if (status != HttpStatus.UNAUTHORIZED.value()) {
			if (status < HttpStatus.INTERNAL_SERVER_ERROR.value()) {
				token.accepted();
			}
			return Mono.just(response);
		}
		boolean replaced = this.lifecycle.reject(token);
		if (this.sentBefore || !replaced) {
			return Mono.just(response);
		}
		this.sentBefore = true;
		return response.releaseBody().onErrorComplete().then(Mono.error(TokenRejected.INSTANCE));
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
