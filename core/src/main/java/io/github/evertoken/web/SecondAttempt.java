package io.github.evertoken.web;

import java.util.function.Function;

import io.github.evertoken.AccessToken;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;
import reactor.util.retry.Retry;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * What follows a refusal: if it is a rejection of the token, the request is sent once
 * more, through {@code retryWhen}. The first attempt was made without it, for nearly none
 * is rejected; its outcome is replayed into the chain here.
 */
final class SecondAttempt {

	private static final Retry ONCE_MORE = Retry.max(1).filter(TokenRejected.class::isInstance);

	private final KeyTokens tokens;

	private final Mono<? extends AccessToken> token;

	private final ClientRequest request;

	private final ExchangeFunction next;

	private final RejectionPolicy policy;

	// Written before the second attempt is subscribed, by the signal that causes it.
	private @Nullable Tuple2<ClientResponse, AccessToken> renewal;

	/**
	 * Create a second attempt.
	 * @param tokens the tokens of the key whose token was sent
	 * @param token the token to send, of the same key, as the request asks for it
	 * @param request the request
	 * @param next the exchange that sends it
	 * @param policy decides
	 */
	SecondAttempt(KeyTokens tokens, Mono<? extends AccessToken> token, ClientRequest request, ExchangeFunction next,
			RejectionPolicy policy) {
		this.tokens = tokens;
		this.token = token;
		this.request = request;
		this.next = next;
		this.policy = policy;
	}

	/**
	 * Return what the caller gets for an answer that the policy is to decide upon: the
	 * answer itself, or the answer to the second attempt if another token can help and is
	 * to be expected.
	 * @param sent the token that was sent
	 * @param answer the answer
	 * @param abandon cancels the exchange that the answer has come from
	 */
	Mono<ClientResponse> after(AccessToken sent, ClientResponse answer, Runnable abandon) {
		return review(sent, (rejection) -> renewAndResend(sent, rejection, abandon)).of(answer);
	}

	private Review review(AccessToken sent, Function<ClientResponse, Mono<ClientResponse>> rejected) {
		return new Review(this.policy, this.tokens, sent, this.request, rejected);
	}

	private Mono<ClientResponse> renewAndResend(AccessToken rejected, ClientResponse rejection, Runnable abandon) {
		if (!this.tokens.reject(rejected, this.request) || hasSingleUseBody()) {
			return Mono.just(rejection);
		}
		return Mono.defer(() -> (this.renewal != null) ? send(this.renewal) : renew(rejection, abandon))
			.retryWhen(ONCE_MORE);
	}

	private boolean hasSingleUseBody() {
		return RequestedToken.of(this.request).singleUseBody();
	}

	/**
	 * The connection that the rejection came on must be free before it is needed again.
	 * It is read while the next token is on its way, so that a body that stalls costs no
	 * time beside that.
	 */
	private Mono<ClientResponse> renew(ClientResponse rejection, Runnable abandon) {
		return Mono.<ClientResponse, AccessToken>zipDelayError(KeptAnswer.of(rejection, abandon), this.token)
			.doOnNext((renewal) -> this.renewal = renewal)
			.then(Mono.error(TokenRejected.INSTANCE));
	}

	/**
	 * If it is the request's body that cannot be had a second time, the rejection stands.
	 */
	private Mono<ClientResponse> send(Tuple2<ClientResponse, AccessToken> renewal) {
		AccessToken token = renewal.getT2();
		BodyWatch watch = new BodyWatch();
		return this.next.exchange(AuthorizedRequest.onceMore(this.request, token, watch))
			.flatMap((answer) -> reviewSecond(token, answer))
			.onErrorResume((ex) -> watch.hasFailed(), (ex) -> Mono.just(renewal.getT1()));
	}

	/**
	 * A second rejection passes on to the caller, but counts for the token.
	 */
	private Mono<ClientResponse> reviewSecond(AccessToken token, ClientResponse answer) {
		if (!this.policy.considers(answer.statusCode().value())) {
			TokenAcceptance.note(this.tokens, token, this.request, answer);
			return Mono.just(answer);
		}
		return review(token, (rejection) -> {
			this.tokens.reject(token, this.request);
			return Mono.just(rejection);
		}).of(answer);
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
