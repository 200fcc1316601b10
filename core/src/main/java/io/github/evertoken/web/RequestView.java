package io.github.evertoken.web;

import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * A view of a request with one more header. Copying the request would cost more than all
 * the rest of the filter; here the header is set where the request is written, which
 * leaves a header alone that is there already.
 */
abstract class RequestView implements ClientRequest {

	private final ClientRequest request;

	RequestView(ClientRequest request) {
		this.request = request;
	}

	/**
	 * Return what watches the body, or {@code null} for nothing.
	 */
	@Nullable BodyWatch watch() {
		return null;
	}

	/**
	 * Set the header.
	 */
	abstract void set(HttpHeaders headers);

	/**
	 * Set the header on what is to be sent.
	 */
	void prepare(ClientHttpRequest httpRequest) {
		set(httpRequest.getHeaders());
	}

	@Override
	public Mono<Void> writeTo(ClientHttpRequest httpRequest, ExchangeStrategies strategies) {
		prepare(httpRequest);
		BodyWatch watch = watch();
		return (watch == null) ? this.request.writeTo(httpRequest, strategies)
				: watch.write(httpRequest, (watched) -> this.request.writeTo(watched, strategies));
	}

	/**
	 * The headers with the one more, for a filter further down that looks at them or
	 * copies the request.
	 */
	@Override
	public HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		headers.putAll(this.request.headers());
		set(headers);
		return HttpHeaders.readOnlyHttpHeaders(headers);
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
	public MultiValueMap<String, String> cookies() {
		return this.request.cookies();
	}

	/**
	 * The body, watched as well if it is to be, for a filter further down that copies the
	 * request.
	 */
	@Override
	public BodyInserter<?, ? super ClientHttpRequest> body() {
		BodyInserter<?, ? super ClientHttpRequest> body = this.request.body();
		BodyWatch watch = watch();
		return (watch == null) ? body : watched(body, watch);
	}

	private static BodyInserter<?, ClientHttpRequest> watched(BodyInserter<?, ? super ClientHttpRequest> body,
			BodyWatch watch) {
		return (request, context) -> watch.write(request, (watched) -> body.insert(watched, context));
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

	@Override
	public String toString() {
		return method() + " " + url();
	}

}
