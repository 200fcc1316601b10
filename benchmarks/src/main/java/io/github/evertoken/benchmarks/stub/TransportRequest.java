package io.github.evertoken.benchmarks.stub;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;

/**
 * A transport's request without a transport. Everything is written to it as to any other,
 * and goes nowhere.
 */
public final class TransportRequest extends AbstractClientHttpRequest {

	private final HttpMethod method;

	private final URI url;

	/**
	 * Create a request.
	 * @param method its method
	 * @param url its URL
	 */
	public TransportRequest(HttpMethod method, URI url) {
		this.method = method;
		this.url = url;
	}

	/**
	 * Return the header that all is about.
	 * @return what was written, or {@code null} if nothing was
	 */
	public @Nullable String authorization() {
		return getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
	}

	@Override
	public HttpMethod getMethod() {
		return this.method;
	}

	@Override
	public URI getURI() {
		return this.url;
	}

	@Override
	public DataBufferFactory bufferFactory() {
		return DefaultDataBufferFactory.sharedInstance;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T getNativeRequest() {
		return (T) this;
	}

	@Override
	protected void applyHeaders() {
	}

	@Override
	protected void applyCookies() {
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		return doCommit(() -> Flux.from(body).then());
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return doCommit(() -> Flux.from(body).concatMap(Flux::from).then());
	}

	@Override
	public Mono<Void> setComplete() {
		return doCommit();
	}

}
