package io.github.evertoken.boot.autoconfigure.connection;

import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.evertoken.boot.autoconfigure.connection.ConnectorFactory.OpenConnector;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * A connector that is made when it is needed for the first time, and replaced when the
 * key or the certificates of its connections are. One that was replaced is closed by the
 * replacement after the next, when the calls that still run on it have ended.
 */
final class RenewableConnector implements ClientHttpConnector {

	private final Supplier<OpenConnector> factory;

	private @Nullable OpenConnector current;

	private @Nullable OpenConnector retired;

	private boolean closed;

	RenewableConnector(Supplier<OpenConnector> factory) {
		this.factory = factory;
	}

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
		return Mono.defer(() -> current().connect(method, uri, requestCallback));
	}

	private synchronized ClientHttpConnector current() {
		if (this.closed) {
			throw new IllegalStateException("The application has ended");
		}
		OpenConnector current = this.current;
		if (current == null) {
			current = this.factory.get();
			this.current = current;
		}
		return current.connector();
	}

	/**
	 * Make the next connector, for all calls from now on. If it cannot be made, the
	 * present one stays.
	 */
	synchronized void renew() {
		if (this.closed || this.current == null) {
			return;
		}
		OpenConnector next = this.factory.get();
		OpenConnector.close(this.retired);
		this.retired = this.current;
		this.current = next;
	}

	synchronized void close() {
		this.closed = true;
		OpenConnector.close(this.retired);
		OpenConnector.close(this.current);
		this.retired = null;
		this.current = null;
	}

}
