package io.github.evertoken.gateway;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a request is written to: with its body it goes to the rest of the route's filters,
 * which send it.
 */
final class RoutedHttpRequest implements ClientHttpRequest {

	private final ClientRequest request;

	private final ServerWebExchange exchange;

	private final GatewayFilterChain chain;

	private final HttpHeaders headers = new HttpHeaders();

	private boolean committed;

	/**
	 * Create a request.
	 * @param request the request that is written
	 * @param exchange the exchange with the caller of the gateway
	 * @param chain the rest of the route's filters
	 */
	RoutedHttpRequest(ClientRequest request, ServerWebExchange exchange, GatewayFilterChain chain) {
		this.request = request;
		this.exchange = exchange;
		this.chain = chain;
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		this.committed = true;
		return this.chain.filter(this.exchange.mutate().request(sent(Flux.from(body))).build());
	}

	private ServerHttpRequest sent(Flux<DataBuffer> body) {
		HttpHeaders headers = HttpHeaders.readOnlyHttpHeaders(this.headers);
		return new ServerHttpRequestDecorator(this.exchange.getRequest()) {

			@Override
			public HttpHeaders getHeaders() {
				return headers;
			}

			@Override
			public Flux<DataBuffer> getBody() {
				return body;
			}

		};
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return writeWith(Flux.from(body).concatMap((piece) -> piece));
	}

	@Override
	public Mono<Void> setComplete() {
		return writeWith(Flux.empty());
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public HttpMethod getMethod() {
		return this.request.method();
	}

	@Override
	public URI getURI() {
		return this.request.url();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.request.attributes();
	}

	/**
	 * They are among the headers.
	 */
	@Override
	public MultiValueMap<String, HttpCookie> getCookies() {
		return new LinkedMultiValueMap<>();
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T getNativeRequest() {
		return (T) this.exchange.getRequest();
	}

	@Override
	public DataBufferFactory bufferFactory() {
		return this.exchange.getResponse().bufferFactory();
	}

	/**
	 * Nothing is left to be done at the last moment.
	 */
	@Override
	public void beforeCommit(Supplier<? extends Mono<Void>> action) {
		throw new UnsupportedOperationException("A request of a route is sent as soon as it is written");
	}

	@Override
	public boolean isCommitted() {
		return this.committed;
	}

}
