package io.github.evertoken.gateway;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.web.TokenAttributes;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.server.ServerWebExchange;

/**
 * A request that a route sends on, as those see it that decide upon its token. It has
 * nothing of what the caller of the gateway has shown the gateway.
 */
final class RoutedRequest implements ClientRequest {

	private final ServerHttpRequest request;

	private final URI url;

	private final HttpHeaders headers;

	private final Map<String, Object> attributes;

	private RoutedRequest(ServerHttpRequest request, URI url, HttpHeaders headers, Map<String, Object> attributes) {
		this.request = request;
		this.url = url;
		this.headers = headers;
		this.attributes = attributes;
	}

	/**
	 * Return the request of an exchange whose URL is known.
	 * @param exchange the exchange
	 * @param client the client whose token the request is to carry
	 */
	static RoutedRequest of(ServerWebExchange exchange, String client) {
		ServerHttpRequest request = exchange.getRequest();
		HttpHeaders headers = HttpHeaders.copyOf(request.getHeaders());
		headers.remove(HttpHeaders.AUTHORIZATION);
		headers.remove(ProofOfPossession.DPOP);
		Map<String, Object> attributes = new HashMap<>(exchange.getAttributes());
		TokenAttributes.client(client).accept(attributes);
		if (!isRepeatable(exchange)) {
			TokenAttributes.singleUseBody().accept(attributes);
		}
		return new RoutedRequest(request, RouteUrl.of(exchange), headers, attributes);
	}

	/**
	 * Tell whether a request can be sent a second time. Without a length and without a
	 * transfer coding it has no body (RFC 9112, section 6.3); Netty gives those of HTTP/2
	 * with a body one of the two.
	 */
	private static boolean isRepeatable(ServerWebExchange exchange) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		boolean hasBody = headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
		return !hasBody || exchange.getAttribute(ServerWebExchangeUtils.CACHED_REQUEST_BODY_ATTR) != null;
	}

	/**
	 * Return the request with further attributes.
	 */
	RoutedRequest with(Consumer<Map<String, Object>> attributes) {
		attributes.accept(this.attributes);
		return this;
	}

	@Override
	public HttpMethod method() {
		return this.request.getMethod();
	}

	@Override
	public URI url() {
		return this.url;
	}

	@Override
	public HttpHeaders headers() {
		return this.headers;
	}

	/**
	 * Those of the exchange too: what a filter before has put there, a resolver finds.
	 */
	@Override
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	/**
	 * They are among the headers.
	 */
	@Override
	public MultiValueMap<String, String> cookies() {
		return new LinkedMultiValueMap<>();
	}

	@Override
	public BodyInserter<?, ? super ClientHttpRequest> body() {
		return (httpRequest, context) -> write(httpRequest);
	}

	@Override
	public @Nullable Consumer<ClientHttpRequest> httpRequest() {
		return null;
	}

	@Override
	public String logPrefix() {
		return "";
	}

	@Override
	public Mono<Void> writeTo(ClientHttpRequest httpRequest, ExchangeStrategies strategies) {
		return write(httpRequest);
	}

	private Mono<Void> write(ClientHttpRequest httpRequest) {
		httpRequest.getHeaders().addAll(this.headers);
		return httpRequest.writeWith(this.request.getBody());
	}

	@Override
	public String toString() {
		return method() + " " + this.url;
	}

}
