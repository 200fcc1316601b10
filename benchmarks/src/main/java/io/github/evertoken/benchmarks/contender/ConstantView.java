package io.github.evertoken.benchmarks.contender;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * The cheapest thing that sends a token at all: a header value built once, set where the
 * request is written. It never renews, and shows the headers to no other filter.
 */
final class ConstantView implements Authorizer {

	private final String authorization;

	ConstantView(TokenSource source) {
		this.authorization = "Bearer " + Objects.requireNonNull(source.call().block()).value();
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return next.exchange(new View(request, this.authorization));
	}

	private record View(ClientRequest request, String authorization) implements ClientRequest {

		@Override
		public Mono<Void> writeTo(ClientHttpRequest httpRequest, ExchangeStrategies strategies) {
			httpRequest.getHeaders().set(HttpHeaders.AUTHORIZATION, this.authorization);
			return this.request.writeTo(httpRequest, strategies);
		}

		@Override
		public HttpMethod method() {
			return this.request.method();
		}

		@Override
		public URI url() {
			return this.request.url();
		}

		@Override
		public HttpHeaders headers() {
			return this.request.headers();
		}

		@Override
		public MultiValueMap<String, String> cookies() {
			return this.request.cookies();
		}

		@Override
		public BodyInserter<?, ? super ClientHttpRequest> body() {
			return this.request.body();
		}

		@Override
		public Map<String, Object> attributes() {
			return this.request.attributes();
		}

		@Override
		public @Nullable Consumer<ClientHttpRequest> httpRequest() {
			return this.request.httpRequest();
		}

		@Override
		public String logPrefix() {
			return this.request.logPrefix();
		}

	}

}
