package io.github.evertoken.boot.autoconfigure.web;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Gives the answers of a reactive web application.
 */
final class ErrorAnsweringHandler implements WebExceptionHandler, Ordered {

	/**
	 * Before Spring Boot's handler of all errors (-1).
	 */
	private static final int ORDER = -2;

	private final FailureAnswers answers;

	ErrorAnsweringHandler(FailureAnswers answers) {
		this.answers = answers;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable ex) {
		ServerHttpResponse response = exchange.getResponse();
		ErrorAnswer answer = response.isCommitted() ? null : answer(exchange, ex);
		return (answer != null) ? give(answer, response) : Mono.error(ex);
	}

	private @Nullable ErrorAnswer answer(ServerWebExchange exchange, Throwable ex) {
		return this.answers.answer(ex, exchange.getRequest().getHeaders(),
				exchange.getRequest().getPath().contextPath().value());
	}

	private static Mono<Void> give(ErrorAnswer answer, ServerHttpResponse response) {
		HttpHeaders headers = response.getHeaders();
		headers.clearContentHeaders();
		response.setStatusCode(answer.status());
		answer.headers().forEach(headers::put);
		return (answer.body().length == 0) ? response.setComplete()
				: response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(answer.body())));
	}

}
