package io.github.evertoken.web;

import java.util.List;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;

/**
 * One handshake and the session that follows, which a {@link WebSocketClient} makes one
 * of: it subscribes to both, and tells them apart.
 */
final class Handshake extends BaseSubscriber<Void> {

	private static final boolean NETTY = ClassUtils.isPresent("reactor.netty.http.client.HttpClientRequest",
			Handshake.class.getClassLoader());

	private static final ExchangeStrategies STRATEGIES = ExchangeStrategies.withDefaults();

	private final MonoSink<ClientResponse> answer;

	private final Context context;

	private final Sinks.Empty<Void> session = Sinks.empty();

	// Written by the thread that opens the WebSocket, and read when it has ended.
	private volatile boolean open;

	/**
	 * Create a handshake.
	 * @param answer is told how it was answered, unless the client fails otherwise
	 */
	Handshake(MonoSink<ClientResponse> answer) {
		this.answer = answer;
		this.context = Context.of(answer.contextView());
	}

	/**
	 * Return the handler that tells when the WebSocket is open.
	 */
	WebSocketHandler watched(WebSocketHandler handler) {
		return new WebSocketHandler() {

			@Override
			public List<String> getSubProtocols() {
				return handler.getSubProtocols();
			}

			@Override
			public Mono<Void> handle(WebSocketSession session) {
				Handshake.this.open = true;
				Handshake.this.answer.success(ClientResponse.create(HttpStatus.SWITCHING_PROTOCOLS, STRATEGIES)
					.headers((headers) -> headers.addAll(session.getHandshakeInfo().getHeaders()))
					.build());
				return handler.handle(session);
			}

		};
	}

	/**
	 * Return the session, which {@link #cancel} ends.
	 */
	Mono<Void> session() {
		return this.session.asMono();
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	protected void hookOnComplete() {
		this.session.tryEmitEmpty();
		this.answer.success();
	}

	@Override
	protected void hookOnError(Throwable ex) {
		ClientResponse refusal = (!this.open && NETTY) ? Netty.refusal(ex) : null;
		if (this.open || refusal != null) {
			this.session.tryEmitError(ex);
		}
		if (refusal != null) {
			this.answer.success(refusal);
		}
		else if (!this.open) {
			this.answer.error(ex);
		}
	}

	/**
	 * Loaded only where Netty is there.
	 */
	private static final class Netty {

		static @Nullable ClientResponse refusal(Throwable ex) {
			HttpResponse answer = (ex instanceof WebSocketClientHandshakeException refused) ? refused.response() : null;
			return (answer == null) ? null
					: ClientResponse.create(HttpStatusCode.valueOf(answer.status().code()), STRATEGIES)
						.headers((headers) -> answer.headers()
							.forEach((header) -> headers.add(header.getKey(), header.getValue())))
						.build();
		}

	}

}
