package io.github.evertoken.web;

import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.lifecycle.HeldToken;
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
 * A view of a request with an {@code Authorization} header. Copying the request would
 * cost more than all the rest of the filter; here the header is set where the request is
 * written, which leaves a header alone that is there already.
 */
final class AuthorizedRequest implements ClientRequest {

	private final ClientRequest request;

	private final String authorization;

	private final @Nullable BodyWatch watch;

	private AuthorizedRequest(ClientRequest request, String authorization, @Nullable BodyWatch watch) {
		this.request = request;
		this.authorization = authorization;
		this.watch = watch;
	}

	static ClientRequest of(ClientRequest request, HeldToken token) {
		return new AuthorizedRequest(request, token.accessToken().headerValue(), null);
	}

	/**
	 * Return the view for a second attempt, whose body is watched.
	 */
	static ClientRequest onceMore(ClientRequest request, HeldToken token, BodyWatch watch) {
		return new AuthorizedRequest(request, token.accessToken().headerValue(), watch);
	}

	@Override
	public Mono<Void> writeTo(ClientHttpRequest httpRequest, ExchangeStrategies strategies) {
		httpRequest.getHeaders().set(HttpHeaders.AUTHORIZATION, this.authorization);
		return (this.watch == null) ? this.request.writeTo(httpRequest, strategies)
				: this.watch.write(httpRequest, (watched) -> this.request.writeTo(watched, strategies));
	}

	/**
	 * The headers with the one more, for a filter further down that looks at them or
	 * copies the request.
	 */
	@Override
	public HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		headers.putAll(this.request.headers());
		headers.set(HttpHeaders.AUTHORIZATION, this.authorization);
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
		BodyWatch watch = this.watch;
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
