package io.github.evertoken.benchmarks.rejection;

import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.stub.Answer;
import io.github.evertoken.benchmarks.stub.WritingExchange;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * A resource server that answers the first exchange of each call with 401 and the second
 * with 200, if that comes with another token.
 */
final class RejectingExchange implements ExchangeFunction {

	private final WritingExchange accepted = new WritingExchange();

	private final boolean wantsAnotherToken;

	private int exchanges;

	private @Nullable String rejected;

	RejectingExchange(boolean wantsAnotherToken) {
		this.wantsAnotherToken = wantsAnotherToken;
	}

	void expectNewCall() {
		this.exchanges = 0;
	}

	@Override
	public Mono<ClientResponse> exchange(ClientRequest request) {
		Mono<ClientResponse> response = this.accepted.exchange(request);
		String authorization = this.accepted.authorization();
		if (this.exchanges++ == 0) {
			this.rejected = authorization;
			return response.then(new Answer<>(unauthorized()));
		}
		Check.that(this.exchanges == 2, "%d exchanges", this.exchanges);
		Check.that(!this.wantsAnotherToken || (authorization != null && !authorization.equals(this.rejected)),
				"the rejected token was sent again");
		return response;
	}

	private static ClientResponse unauthorized() {
		return ClientResponse.create(HttpStatus.UNAUTHORIZED)
			.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
			.build();
	}

}
