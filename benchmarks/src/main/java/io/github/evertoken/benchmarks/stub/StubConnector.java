package io.github.evertoken.benchmarks.stub;

import java.net.URI;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * A connector without a network: everything of a {@code WebClient} call but the call.
 */
public final class StubConnector implements ClientHttpConnector {

	private @Nullable TransportRequest last;

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI url,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		TransportRequest request = new TransportRequest(method, url);
		this.last = request;
		return requestCallback.apply(request).then(new Answer<>(new Ok()));
	}

	/**
	 * Return the header of the last request.
	 * @return the {@code Authorization} header, or {@code null} if there was none
	 */
	public @Nullable String authorization() {
		return (this.last != null) ? this.last.authorization() : null;
	}

	private static final class Ok implements ClientHttpResponse {

		private final HttpHeaders headers = new HttpHeaders();

		@Override
		public HttpStatusCode getStatusCode() {
			return HttpStatus.OK;
		}

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public MultiValueMap<String, ResponseCookie> getCookies() {
			return new LinkedMultiValueMap<>();
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return Flux.empty();
		}

	}

}
