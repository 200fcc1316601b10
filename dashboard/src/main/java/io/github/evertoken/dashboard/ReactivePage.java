package io.github.evertoken.dashboard;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * The page and the events on WebFlux.
 */
final class ReactivePage extends SimpleUrlHandlerMapping {

	private final Page page = new Page();

	private final EventMessages messages;

	private final EventStreams streams;

	ReactivePage(PagePlace place, EventRing ring, EventStreams streams) {
		this.messages = new EventMessages(ring, place.writes());
		this.streams = streams;
		setOrder(PagePlace.ORDER);
		setUrlMap(Map.of(place.page(), (WebHandler) this::redirect, place.page() + "/", (WebHandler) this::file,
				place.page() + "/{name}", (WebHandler) this::file, place.events(), (WebHandler) this::events));
	}

	/**
	 * What writes is the endpoint's.
	 */
	@Override
	public Mono<Object> getHandlerInternal(ServerWebExchange exchange) {
		HttpMethod method = exchange.getRequest().getMethod();
		return (method == HttpMethod.GET || method == HttpMethod.HEAD) ? super.getHandlerInternal(exchange)
				: Mono.empty();
	}

	/**
	 * Relative, whatever stands before the application.
	 */
	private Mono<Void> redirect(ServerWebExchange exchange) {
		exchange.getResponse().setStatusCode(HttpStatus.FOUND);
		exchange.getResponse().getHeaders().set(HttpHeaders.LOCATION, "ui/");
		return exchange.getResponse().setComplete();
	}

	private Mono<Void> file(ServerWebExchange exchange) {
		Page.File file = this.page.file(name(exchange));
		ServerHttpResponse response = exchange.getResponse();
		if (file == null) {
			response.setStatusCode(HttpStatus.NOT_FOUND);
			return response.setComplete();
		}
		Page.headers(response.getHeaders()::set);
		response.getHeaders().setETag(file.tag());
		if (file.matches(exchange.getRequest().getHeaders().getFirst(HttpHeaders.IF_NONE_MATCH))) {
			response.setStatusCode(HttpStatus.NOT_MODIFIED);
			return response.setComplete();
		}
		return write(response, HttpStatus.OK, file.type(), file.content());
	}

	private static String name(ServerWebExchange exchange) {
		Map<String, String> variables = exchange.getAttributeOrDefault(URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of());
		return variables.getOrDefault("name", "");
	}

	private Mono<Void> events(ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		response.getHeaders().setCacheControl("no-store");
		EventRing.Cursor since;
		try {
			since = EventRequest.since(exchange.getRequest().getHeaders().getFirst(EventRequest.LAST_EVENT_ID),
					exchange.getRequest().getQueryParams().getFirst(EventRequest.SINCE));
		}
		catch (IllegalArgumentException ex) {
			return write(response, HttpStatus.BAD_REQUEST, MediaType.APPLICATION_JSON_VALUE,
					EventMessages.message(String.valueOf(ex.getMessage())));
		}
		if (!EventRequest.wantsStream(exchange.getRequest().getHeaders().getFirst(HttpHeaders.ACCEPT))) {
			return write(response, HttpStatus.OK, MediaType.APPLICATION_JSON_VALUE, this.messages.all(since));
		}
		return stream(response, since);
	}

	private Mono<Void> stream(ServerHttpResponse response, EventRing.@Nullable Cursor since) {
		return Mono.defer(() -> {
			SinkStream stream = new SinkStream(this.messages, since, this.streams);
			if (!this.streams.open(stream)) {
				response.getHeaders().set(HttpHeaders.RETRY_AFTER, EventRequest.RETRY_AFTER);
				response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
				return response.setComplete();
			}
			response.getHeaders().set(HttpHeaders.CONTENT_TYPE, EventRequest.STREAM_TYPE);
			response.getHeaders().set(EventRequest.UNBUFFERED, "no");
			Flux<byte[]> pieces = Flux.create(stream::begin, FluxSink.OverflowStrategy.IGNORE);
			return response.writeAndFlushWith(pieces.map((piece) -> Mono.just(response.bufferFactory().wrap(piece))))
				.doFinally((signal) -> stream.close());
		});
	}

	private static Mono<Void> write(ServerHttpResponse response, HttpStatusCode status, String type, byte[] content) {
		response.setStatusCode(status);
		response.getHeaders().set(HttpHeaders.CONTENT_TYPE, type);
		response.getHeaders().setContentLength(content.length);
		return response.writeWith(Mono.just(response.bufferFactory().wrap(content)));
	}

	/**
	 * Writes as much as is asked for.
	 */
	private static final class SinkStream extends EventStream {

		private final EventStreams streams;

		private volatile @Nullable FluxSink<byte[]> sink;

		SinkStream(EventMessages messages, EventRing.@Nullable Cursor since, EventStreams streams) {
			super(messages, since);
			this.streams = streams;
		}

		void begin(FluxSink<byte[]> sink) {
			this.sink = sink;
			sink.onDispose(this::close);
			sink.onRequest((demand) -> drain());
			if (isClosed()) {
				sink.complete();
			}
		}

		@Override
		protected boolean isReady() {
			FluxSink<byte[]> sink = this.sink;
			return sink != null && !sink.isCancelled() && sink.requestedFromDownstream() > 0;
		}

		@Override
		protected void write(byte[] piece) {
			FluxSink<byte[]> sink = this.sink;
			if (sink != null) {
				sink.next(piece);
			}
		}

		@Override
		protected void end() {
			this.streams.closed(this);
			FluxSink<byte[]> sink = this.sink;
			if (sink != null) {
				sink.complete();
			}
		}

	}

}
