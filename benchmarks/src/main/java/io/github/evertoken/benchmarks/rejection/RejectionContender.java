package io.github.evertoken.benchmarks.rejection;

import java.util.function.Function;

import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.contender.EvertokenFilter;
import io.github.evertoken.benchmarks.contender.SpringSecurityFilter;
import io.github.evertoken.benchmarks.contender.TokenSource;
import io.github.evertoken.benchmarks.stub.Requests;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Ways to meet a 401 with a second exchange. No peer comes with one: the second exchange
 * is what its users write around it.
 */
public enum RejectionContender {

	/**
	 * Two exchanges, whatever comes: what everybody needs at least.
	 */
	TWO_EXCHANGES("two bare exchanges",
			(source) -> (request, next) -> next.exchange(request)
				.flatMap((response) -> response.releaseBody().then(next.exchange(request)))),

	/**
	 * The usual words around the floor. The same token is sent again, so that nothing but
	 * the second exchange is paid for.
	 */
	RETRY_WHEN("floor, `flatMap` + `retryWhen(Retry.max(1))`",
			(source) -> new Retrying(Contender.FLOOR.create(source, Requests.BASE_URL),
					(call) -> call.retryWhen(Retry.max(1)))),

	/**
	 * The fewest operators around the floor.
	 */
	ON_ERROR_RESUME("floor, `flatMap` + `onErrorResume`",
			(source) -> new Retrying(Contender.FLOOR.create(source, Requests.BASE_URL),
					(call) -> call.onErrorResume((ex) -> call))),

	/**
	 * All of it: the rejection, the flight, the next token, its timer and the events.
	 */
	EVERTOKEN("**Evertoken**, with a new token", (source) -> EvertokenFilter.forRejections(source, Requests.BASE_URL)),

	/**
	 * Spring Security forgets the token, and the words around it send the request again.
	 */
	SPRING_SECURITY("Spring Security + `retryWhen(Retry.max(1))`, with a new token",
			(source) -> new Retrying(SpringSecurityFilter.forRejections(source),
					(call) -> call.retryWhen(Retry.max(1))));

	private final String title;

	private final Function<TokenSource, ExchangeFilterFunction> factory;

	RejectionContender(String title, Function<TokenSource, ExchangeFilterFunction> factory) {
		this.title = title;
		this.factory = factory;
	}

	String title() {
		return this.title;
	}

	boolean renews() {
		return this == EVERTOKEN || this == SPRING_SECURITY;
	}

	ExchangeFilterFunction create(TokenSource source) {
		return this.factory.apply(source);
	}

	/**
	 * Turns a 401 into an error and lets somebody recover from it.
	 */
	private record Retrying(ExchangeFilterFunction filter,
			Function<Mono<ClientResponse>, Mono<ClientResponse>> recovery) implements ExchangeFilterFunction {

		@Override
		public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
			return this.recovery.apply(Mono.defer(() -> this.filter.filter(request, next))
				.flatMap((response) -> (response.statusCode() != HttpStatus.UNAUTHORIZED) ? Mono.just(response)
						: response.releaseBody().then(Mono.error(Unauthorized.INSTANCE))));
		}

	}

	private static final class Unauthorized extends RuntimeException {

		private static final long serialVersionUID = 1L;

		static final Unauthorized INSTANCE = new Unauthorized();

		private Unauthorized() {
			super("401", null, false, false);
		}

	}

}
