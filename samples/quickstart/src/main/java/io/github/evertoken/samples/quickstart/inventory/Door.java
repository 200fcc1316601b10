package io.github.evertoken.samples.quickstart.inventory;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Stands for a slow network: while it is closed, requests for reports are on their way
 * with the token that they left with, and nobody has looked at it yet.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class Door implements WebFilter {

	private volatile Sinks.Empty<Void> opened = Sinks.empty();

	private volatile Sinks.Empty<Void> reached = Sinks.empty();

	Door() {
		open();
	}

	/**
	 * Close the door.
	 */
	public void close() {
		this.opened = Sinks.empty();
		this.reached = Sinks.empty();
	}

	/**
	 * Return when the first request stands before the closed door.
	 * @return a {@code Mono} that completes then
	 */
	public Mono<Void> reached() {
		return this.reached.asMono();
	}

	/**
	 * Let everybody in.
	 */
	public final void open() {
		this.opened.tryEmitEmpty();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (!exchange.getRequest().getPath().value().startsWith("/reports/")) {
			return chain.filter(exchange);
		}
		this.reached.tryEmitEmpty();
		return this.opened.asMono().publishOn(Schedulers.parallel()).then(Mono.defer(() -> chain.filter(exchange)));
	}

}
