package io.github.evertoken.boot.autoconfigure.web;

import java.time.Duration;
import java.util.Map;

import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.properties.UnavailableResponse;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Tells whoever calls a web application that it is to come back later, instead of an
 * error 500, if no token can be had for the moment: an issuer that is down is no fault of
 * the application. It says when: as the issuer does, or else after the longest cooldown
 * that follows a first failure.
 */
final class UnavailableExceptionHandler implements WebExceptionHandler, Ordered {

	/**
	 * What an issuer may ask for, as far as it is believed.
	 */
	private static final Duration LONGEST = Duration.ofMinutes(5);

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private final UnavailableResponse response;

	private final Map<String, ClientProperties> clients;

	UnavailableExceptionHandler(EvertokenProperties properties) {
		this.response = properties.web().unavailableResponse();
		this.clients = properties.clients();
	}

	@Override
	public int getOrder() {
		return ErrorResponseWriter.ORDER;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable ex) {
		TransientTokenException failure = ErrorResponseWriter.find(ex, TransientTokenException.class);
		ServerHttpResponse response = exchange.getResponse();
		if (failure == null || this.response == UnavailableResponse.NONE || response.isCommitted()) {
			return Mono.error(ex);
		}
		ErrorResponseWriter.start(response, HttpStatus.SERVICE_UNAVAILABLE)
			.set(HttpHeaders.RETRY_AFTER, String.valueOf(seconds(retryAfter(failure))));
		return ErrorResponseWriter.problem(response, "token-unavailable", "Token unavailable",
				"There is no access to this client for the moment.", failure.client());
	}

	private Duration retryAfter(TransientTokenException failure) {
		Duration asked = failure.retryAfter();
		ClientProperties client = this.clients.get(failure.client());
		if (asked != null || client == null) {
			return (asked != null) ? asked : SHORTEST;
		}
		return client.retry().initialBackoff();
	}

	/**
	 * The header knows no parts of a second, and whoever comes too early comes in vain.
	 */
	private static long seconds(Duration duration) {
		Duration bounded = (duration.compareTo(LONGEST) > 0) ? LONGEST : duration;
		return Math.max(SHORTEST.toSeconds(), bounded.plusMillis(999).toSeconds());
	}

}
