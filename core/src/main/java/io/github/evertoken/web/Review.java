package io.github.evertoken.web;

import java.util.function.Function;
import java.util.function.Supplier;

import io.github.evertoken.AccessToken;
import io.github.evertoken.web.RejectionPolicy.Answer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * The review of an answer that the policy is to decide upon, and what follows from the
 * decision.
 */
final class Review {

	private final RejectionPolicy policy;

	private final KeyTokens tokens;

	private final AccessToken token;

	private final ClientRequest request;

	private final Function<ClientResponse, Mono<ClientResponse>> rejected;

	/**
	 * Create a review.
	 * @param policy decides
	 * @param tokens the tokens of the key whose token was sent
	 * @param token the token that was sent
	 * @param request the request that it was sent with
	 * @param rejected what follows if the token is to be renewed
	 */
	Review(RejectionPolicy policy, KeyTokens tokens, AccessToken token, ClientRequest request,
			Function<ClientResponse, Mono<ClientResponse>> rejected) {
		this.policy = policy;
		this.tokens = tokens;
		this.token = token;
		this.request = request;
		this.rejected = rejected;
	}

	/**
	 * Return what the caller gets for an answer.
	 */
	Mono<ClientResponse> of(ClientResponse response) {
		return decide(response, null, () -> readBody(response));
	}

	/**
	 * Whoever cancels before the answer is decided upon and has been passed on has never
	 * seen the body, so it is discarded for him.
	 */
	private Mono<ClientResponse> readBody(ClientResponse response) {
		BodyPeek peek = new BodyPeek(response);
		return peek.read()
			.flatMap((whole) -> decide(whole, peek.text(), () -> passOn(whole)))
			.doOnNext((passedOn) -> peek.handOver())
			.doOnCancel(peek::discard);
	}

	private Mono<ClientResponse> decide(ClientResponse response, @Nullable String body,
			Supplier<Mono<ClientResponse>> bodyWanted) {
		try {
			Answer answer = Answer.of(response.statusCode().value(), response.headers().asHttpHeaders(), body);
			return switch (this.policy.decide(answer)) {
				case RENEW_AND_RESEND -> this.rejected.apply(response);
				case PASS_ON -> passOn(answer, response);
				case STEP_UP -> stepUp(answer, response);
				case READ_BODY -> bodyWanted.get();
			};
		}
		catch (RuntimeException ex) {
			return KeptAnswer.of(response).then(Mono.error(ex));
		}
	}

	private Mono<ClientResponse> passOn(Answer answer, ClientResponse response) {
		if (response.statusCode().is4xxClientError() && RefusalReader.asksForScope(answer.challenges())) {
			this.tokens.scopeInsufficient(this.token, this.request, response);
		}
		return passOn(response);
	}

	private Mono<ClientResponse> stepUp(Answer answer, ClientResponse response) {
		StepUp wanted = StepUp.of(answer.challenges(), this.token.value());
		this.tokens.stepUp(this.token, wanted.acrValues(), wanted.maxAge());
		return passOn(response);
	}

	private Mono<ClientResponse> passOn(ClientResponse response) {
		TokenAcceptance.note(this.tokens, this.token, this.request, response);
		return Mono.just(response);
	}

}
