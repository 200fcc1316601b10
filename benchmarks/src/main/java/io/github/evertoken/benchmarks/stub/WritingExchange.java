package io.github.evertoken.benchmarks.stub;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * An exchange that writes each request to a {@link TransportRequest} and answers 200.
 */
public final class WritingExchange implements ExchangeFunction {

	private static final ExchangeStrategies STRATEGIES = ExchangeStrategies.withDefaults();

	private final Mono<ClientResponse> ok = new Answer<>(ClientResponse.create(HttpStatus.OK).build());

	private @Nullable TransportRequest last;

	@Override
	public Mono<ClientResponse> exchange(ClientRequest request) {
		TransportRequest transport = new TransportRequest(request.method(), request.url());
		this.last = transport;
		return request.writeTo(transport, STRATEGIES).then(this.ok);
	}

	/**
	 * Return the header of the last request.
	 * @return the {@code Authorization} header, or {@code null} if there was none
	 */
	public @Nullable String authorization() {
		return (this.last != null) ? this.last.authorization() : null;
	}

}
