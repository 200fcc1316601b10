package io.github.evertoken.web;

import io.github.evertoken.lifecycle.HeldToken;
import io.github.evertoken.lifecycle.TokenLifecycle;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * What follows a rejection: the request is sent once more, through {@code retryWhen}. The
 * first attempt was made without it, for nearly none is rejected; its outcome is replayed
 * into the chain here.
 */
final class SecondAttempt {

	private static final Retry ONCE_MORE = Retry.max(1).filter(TokenRejected.class::isInstance);

	private final TokenLifecycle lifecycle;

	private final ClientRequest request;

	private final ExchangeFunction next;

	// Written before the second attempt is subscribed, by the signal that causes it.
	private boolean released;

	SecondAttempt(TokenLifecycle lifecycle, ClientRequest request, ExchangeFunction next) {
		this.lifecycle = lifecycle;
		this.request = request;
		this.next = next;
	}

	/**
	 * Return what the caller gets after a rejection: the answer to the second attempt, or
	 * the rejection itself if no other token is to be expected.
	 */
	Mono<ClientResponse> after(HeldToken rejected, ClientResponse rejection) {
		if (!this.lifecycle.reject(rejected)) {
			return Mono.just(rejection);
		}
		return Mono.defer(() -> this.released ? send() : release(rejection)).retryWhen(ONCE_MORE);
	}

	/**
	 * The connection that the rejection came on must be free before it is needed again.
	 */
	private Mono<ClientResponse> release(ClientResponse rejection) {
		this.released = true;
		return rejection.releaseBody().onErrorComplete().then(Mono.error(TokenRejected.INSTANCE));
	}

	private Mono<ClientResponse> send() {
		return this.lifecycle.token()
			.flatMap((token) -> this.next.exchange(AuthorizedRequest.of(this.request, token))
				.doOnNext((response) -> review(token, response)));
	}

	/**
	 * A second rejection passes on to the caller, but counts for the token.
	 */
	private void review(HeldToken token, ClientResponse response) {
		if (Answers.isRejection(response)) {
			this.lifecycle.reject(token);
		}
		else {
			Answers.accept(token, response);
		}
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
