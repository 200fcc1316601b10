package io.github.evertoken.web;

import java.io.IOException;
import java.time.Duration;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.web.RejectionPolicy.Answer;
import io.github.evertoken.web.RejectionPolicy.Decision;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.client.ClientHttpResponse;

/**
 * The attempts of one call whose thread waits for the answer: what
 * {@link TokenExchangeMono}, {@link SecondAttempt} and {@link DpopExchange} are for one
 * that does not.
 */
final class BlockingCall {

	private final KeyTokens tokens;

	private final BlockingRequest request;

	private final RejectionPolicy policy;

	private final @Nullable Duration expectedDuration;

	private boolean nonceSpent;

	/**
	 * Create a call.
	 * @param tokens the tokens of the key whose token it carries
	 * @param request the request
	 * @param policy decides upon an answer
	 */
	BlockingCall(KeyTokens tokens, BlockingRequest request, RejectionPolicy policy) {
		this.tokens = tokens;
		this.request = request;
		this.policy = policy;
		this.expectedDuration = RequestedToken.of(request).expectedDuration();
	}

	/**
	 * Send the request with a token, and once more if that is refused.
	 */
	ClientHttpResponse exchange() throws IOException {
		AccessToken token = token();
		ClientHttpResponse answer = send(token);
		int status = answer.getStatusCode().value();
		if (!this.policy.considers(status)) {
			TokenAcceptance.note(this.tokens, token, this.request, status);
			return answer;
		}
		Reviewed first = review(token, answer);
		if (!first.rejected() || !reject(token, first.answer()) || !OnceMore.isPossible(this.request)) {
			return first.answer();
		}
		return resend(tokenAfter(token, first.answer()));
	}

	private AccessToken token() throws IOException {
		Duration duration = this.expectedDuration;
		AccessToken usable = (duration == null) ? this.tokens.usable() : null;
		if (usable != null) {
			return usable;
		}
		return BlockingWait.on((duration != null) ? this.tokens.token(duration) : this.tokens.token());
	}

	/**
	 * The manager may be the application's own, and fail.
	 */
	private boolean reject(AccessToken token, ClientHttpResponse answer) throws IOException {
		try {
			return BlockingWait.on(Mono.deferContextual(
					(caller) -> Mono.just(this.tokens.reject(token, this.request, answer.getHeaders(), caller))));
		}
		catch (IOException | RuntimeException | Error ex) {
			BlockingWait.on(BodyRelease.of(answer));
			throw ex;
		}
	}

	/**
	 * The rejection is read while the next token is on its way, so that a body that
	 * stalls costs no time beside that; and before the second attempt, which may need its
	 * connection.
	 */
	private AccessToken tokenAfter(AccessToken rejected, ClientHttpResponse rejection) throws IOException {
		return BlockingWait
			.on(Mono.zipDelayError(BodyRelease.of(rejection), this.tokens.tokenAfter(rejected, this.expectedDuration))
				.map((both) -> both.getT2()));
	}

	private ClientHttpResponse resend(AccessToken token) throws IOException {
		ClientHttpResponse answer;
		int status;
		try {
			answer = send(token);
			status = answer.getStatusCode().value();
		}
		catch (IOException | RuntimeException ex) {
			this.tokens.resent(ResendOutcome.FAILED);
			throw ex;
		}
		if (!this.policy.considers(status)) {
			TokenAcceptance.note(this.tokens, token, this.request, status);
			this.tokens.resent(ResendOutcome.ACCEPTED);
			return answer;
		}
		Reviewed second = review(token, answer);
		if (second.rejected()) {
			this.tokens.resent(ResendOutcome.REJECTED);
			reject(token, second.answer());
		}
		return second.answer();
	}

	/**
	 * Send the request with a token, and with a proof if that is bound to a key. If the
	 * server wants a nonce, it is sent once more with that: once in a call.
	 */
	private ClientHttpResponse send(AccessToken token) throws IOException {
		String authorization = token.headerValue();
		ProofOfPossession proofs = this.tokens.dpop();
		String bound = (proofs != null) ? DpopExchange.boundToken(authorization) : null;
		if (proofs == null || bound == null) {
			return this.request.send(authorization, null, this.policy);
		}
		ClientHttpResponse answer = send(authorization, bound, proofs);
		if (!DpopExchange.takeNonce(proofs, this.request.url(), answer.getHeaders()) || this.nonceSpent
				|| !DpopExchange.requiresNonce(answer.getStatusCode().value(), answer.getHeaders())
				|| !OnceMore.isPossible(this.request)) {
			return answer;
		}
		this.nonceSpent = true;
		BlockingWait.on(BodyRelease.of(answer));
		ClientHttpResponse second = send(authorization, bound, proofs);
		DpopExchange.takeNonce(proofs, this.request.url(), second.getHeaders());
		return second;
	}

	private ClientHttpResponse send(String authorization, String bound, ProofOfPossession proofs) throws IOException {
		return this.request.send(authorization, proofs.proof(this.request.method().name(), this.request.url(), bound),
				this.policy);
	}

	private Reviewed review(AccessToken token, ClientHttpResponse answer) throws IOException {
		ClientHttpResponse whole = answer;
		try {
			Answer seen = Answer.of(answer.getStatusCode().value(), answer.getHeaders(), null);
			Decision decision = this.policy.decide(seen);
			if (decision == Decision.READ_BODY) {
				PeekedResponse peeked = PeekedResponse.of(answer, WarningRejectionPolicy.bodyTime(this.policy));
				whole = peeked;
				seen = Answer.of(seen.status(), seen.headers(), peeked.text());
				decision = this.policy.decide(seen);
			}
			return new Reviewed(whole, follow(decision, seen, new PassingOn(this.tokens, token, this.request)));
		}
		catch (IOException | RuntimeException | Error ex) {
			BlockingWait.on(BodyRelease.of(whole));
			throw ex;
		}
	}

	private static boolean follow(Decision decision, Answer answer, PassingOn passingOn) {
		switch (decision) {
			case RENEW_AND_RESEND -> {
				return true;
			}
			case PASS_ON -> passingOn.asItIs(answer);
			case STEP_UP -> passingOn.forStepUp(answer);
			case READ_BODY -> passingOn.undecided(answer.status());
		}
		return false;
	}

	/**
	 * An answer upon which the policy has decided.
	 *
	 * @param answer the answer, with its body whole
	 * @param rejected whether the token that it answers is to be renewed
	 */
	private record Reviewed(ClientHttpResponse answer, boolean rejected) {
	}

}
