package io.github.evertoken.web;

import java.util.function.Function;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenObserver.ResendOutcome;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * What follows a refusal: if it is a rejection of the token, the request is sent
 * {@linkplain OnceMore once more}. The first attempt was made without it, for nearly none
 * is rejected; its outcome is replayed into the chain here.
 */
final class SecondAttempt {

	private final KeyTokens tokens;

	private final Mono<? extends AccessToken> token;

	private final ClientRequest request;

	private final ExchangeFunction next;

	private final RejectionPolicy policy;

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
		return new Review(this.policy, new PassingOn(this.tokens, sent, this.request), rejected);
	}

	/**
	 * The rejection is read while the next token is on its way, so that a body that
	 * stalls costs no time beside that.
	 */
	private Mono<ClientResponse> renewAndResend(AccessToken rejected, ClientResponse rejection, Runnable abandon) {
		return reject(rejected, rejection, abandon).flatMap((another) -> {
			if (!another || !OnceMore.isPossible(this.request)) {
				return Mono.just(rejection);
			}
			return OnceMore.exchange((onceMore) -> onceMore.after(
					KeptAnswer.of(rejection, WarningRejectionPolicy.bodyTime(this.policy), abandon),
					this.token.map((token) -> (watch) -> send(token, failure(rejected, token), watch))));
		});
	}

	/**
	 * Tell that a token was rejected, and whether another one is to be expected. The
	 * manager may be the application's own, and fail: nobody gets the rejection then.
	 */
	private Mono<Boolean> reject(AccessToken token, ClientResponse rejection, Runnable abandon) {
		return Mono.deferContextual((caller) -> {
			try {
				return Mono.just(this.tokens.reject(token, this.request, rejection.headers().asHttpHeaders(), caller));
			}
			catch (RuntimeException | Error ex) {
				return KeptAnswer.failed(rejection, WarningRejectionPolicy.bodyTime(this.policy), abandon, ex);
			}
		});
	}

	/**
	 * Return why a rejected token serves on, {@code null} if it does not.
	 */
	private @Nullable TokenException failure(AccessToken rejected, AccessToken token) {
		return token.value().equals(rejected.value()) ? this.tokens.failing() : null;
	}

	private Mono<ClientResponse> send(AccessToken token, @Nullable TokenException failure, BodyWatch watch) {
		return this.next.exchange(AuthorizedRequest.onceMore(this.request, token, failure, watch))
			.doOnError((ex) -> this.tokens.resent(ResendOutcome.FAILED))
			.flatMap((answer) -> reviewSecond(token, answer));
	}

	/**
	 * A second rejection passes on to the caller, but counts for the token.
	 */
	private Mono<ClientResponse> reviewSecond(AccessToken token, ClientResponse answer) {
		int status = answer.statusCode().value();
		if (!this.policy.considers(status)) {
			TokenAcceptance.note(this.tokens, token, this.request, status);
			this.tokens.resent(ResendOutcome.ACCEPTED);
			return Mono.just(answer);
		}
		return review(token, (rejection) -> Mono.defer(() -> {
			this.tokens.resent(ResendOutcome.REJECTED);
			return reject(token, rejection, () -> {
			}).thenReturn(rejection);
		})).of(answer);
	}

}
