package io.github.evertoken.web;

import io.github.evertoken.AccessToken;
import io.github.evertoken.web.RejectionPolicy.Answer;

import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * What it means for the token of a request that an answer passes on to the caller upon
 * which a policy has decided.
 */
final class PassingOn {

	private final KeyTokens tokens;

	private final AccessToken token;

	private final ClientRequest request;

	/**
	 * Create a passing on.
	 * @param tokens the tokens of the key whose token was sent
	 * @param token the token that was sent
	 * @param request the request that it was sent with
	 */
	PassingOn(KeyTokens tokens, AccessToken token, ClientRequest request) {
		this.tokens = tokens;
		this.token = token;
		this.request = request;
	}

	/**
	 * The policy has it pass on.
	 */
	void asItIs(Answer answer) {
		if (HttpStatusCode.valueOf(answer.status()).is4xxClientError()
				&& RefusalReader.asksForScope(answer.challenges())) {
			this.tokens.scopeInsufficient(this.token, this.request, answer.headers());
		}
		undecided(answer.status());
	}

	/**
	 * The policy has it pass on, and the token is good but for who asks with it.
	 */
	void forStepUp(Answer answer) {
		StepUp wanted = StepUp.of(answer.challenges(), this.token.value());
		this.tokens.stepUp(this.token, wanted.acrValues(), wanted.maxAge());
		undecided(answer.status());
	}

	/**
	 * The policy has not come to a decision.
	 */
	void undecided(int status) {
		TokenAcceptance.note(this.tokens, this.token, this.request, status);
	}

}
