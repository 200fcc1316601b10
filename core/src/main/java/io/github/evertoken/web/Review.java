package io.github.evertoken.web;

import java.util.function.Function;
import java.util.function.Supplier;

import io.github.evertoken.web.RejectionPolicy.Answer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * The review of an answer that the policy is to decide upon, and what follows from the
 * decision.
 */
final class Review {

	private final RejectionPolicy policy;

	private final PassingOn passingOn;

	private final Function<ClientResponse, Mono<ClientResponse>> rejected;

	/**
	 * Create a review.
	 * @param policy decides
	 * @param passingOn is told of an answer that passes on
	 * @param rejected what follows if the token is to be renewed
	 */
	Review(RejectionPolicy policy, PassingOn passingOn, Function<ClientResponse, Mono<ClientResponse>> rejected) {
		this.policy = policy;
		this.passingOn = passingOn;
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
		BodyPeek peek = new BodyPeek(response, WarningRejectionPolicy.bodyTime(this.policy));
		return peek.read()
			.flatMap((whole) -> decide(whole, peek.text(), () -> undecided(whole)))
			.doOnNext((passedOn) -> peek.handOver())
			.doOnCancel(peek::discard);
	}

	private Mono<ClientResponse> decide(ClientResponse response, @Nullable String body,
			Supplier<Mono<ClientResponse>> bodyWanted) {
		try {
			Answer answer = Answer.of(response.statusCode().value(), response.headers().asHttpHeaders(), body);
			return switch (this.policy.decide(answer)) {
				case RENEW_AND_RESEND -> this.rejected.apply(response);
				case PASS_ON -> {
					this.passingOn.asItIs(answer);
					yield Mono.just(response);
				}
				case STEP_UP -> {
					this.passingOn.forStepUp(answer);
					yield Mono.just(response);
				}
				case READ_BODY -> bodyWanted.get();
			};
		}
		catch (RuntimeException | Error ex) {
			return KeptAnswer.failed(response, WarningRejectionPolicy.bodyTime(this.policy), () -> {
			}, ex);
		}
	}

	/**
	 * A policy that asks for a body which it has seen decides no more.
	 */
	private Mono<ClientResponse> undecided(ClientResponse response) {
		this.passingOn.undecided(response.statusCode().value());
		return Mono.just(response);
	}

}
