package io.github.evertoken.boot.autoconfigure.web;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * What the answers to requests that failed for want of a token have in common. They say
 * which client is concerned, and neither the subject nor what the issuer said.
 */
final class ErrorResponseWriter {

	/**
	 * Before Spring Boot's handler of all errors (-1).
	 */
	static final int ORDER = -2;

	private static final int DEPTH = 16;

	private ErrorResponseWriter() {
	}

	/**
	 * Return the failure of a type that is the given one or among its causes.
	 */
	static <T extends Throwable> @Nullable T find(@Nullable Throwable ex, Class<T> type) {
		Throwable cause = ex;
		for (int depth = 0; cause != null && depth < DEPTH; depth++) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
			cause = cause.getCause();
		}
		return null;
	}

	/**
	 * Begin an answer that nobody may keep.
	 * @return its headers
	 */
	static HttpHeaders start(ServerHttpResponse response, HttpStatus status) {
		HttpHeaders headers = response.getHeaders();
		headers.clearContentHeaders();
		response.setStatusCode(status);
		headers.setCacheControl(CacheControl.noStore());
		return headers;
	}

	/**
	 * Write the problem detail (RFC 9457) of an answer that has been begun.
	 */
	static Mono<Void> problem(ServerHttpResponse response, String type, String title, String detail, String client) {
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		HttpStatusCode status = response.getStatusCode();
		byte[] body = """
				{"type":"urn:evertoken:%s","title":"%s","status":%d,"detail":"%s","client":"%s"}"""
			.formatted(type, title, (status != null) ? status.value() : 0, detail, escaped(client))
			.getBytes(StandardCharsets.UTF_8);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

	/**
	 * The one string that is not ours. RFC 8259, section 7.
	 */
	private static String escaped(String text) {
		StringBuilder escaped = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
				escaped.append("\\u%04x".formatted((int) c));
			}
			else {
				escaped.append(c);
			}
		}
		return escaped.toString();
	}

}
