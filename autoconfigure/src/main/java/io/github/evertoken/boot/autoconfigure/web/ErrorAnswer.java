package io.github.evertoken.boot.autoconfigure.web;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * The answer to a request that failed for want of a token. It says which client is
 * concerned, and neither the subject nor what the issuer said. Nobody may keep it.
 *
 * @param status its status
 * @param headers its headers
 * @param body its body, which may be empty
 */
record ErrorAnswer(HttpStatus status, HttpHeaders headers, byte[] body) {

	private static final int DEPTH = 16;

	/**
	 * Create an answer without a body.
	 */
	static ErrorAnswer of(HttpStatus status) {
		return create(status, new byte[0]);
	}

	/**
	 * Create an answer with a problem detail (RFC 9457).
	 */
	static ErrorAnswer problem(HttpStatus status, String type, String title, String detail, String client) {
		byte[] body = """
				{"type":"urn:evertoken:%s","title":"%s","status":%d,"detail":"%s","client":"%s"}"""
			.formatted(type, title, status.value(), detail, escaped(client))
			.getBytes(StandardCharsets.US_ASCII);
		ErrorAnswer answer = create(status, body);
		answer.headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		answer.headers.setContentLength(body.length);
		return answer;
	}

	private static ErrorAnswer create(HttpStatus status, byte[] body) {
		HttpHeaders headers = new HttpHeaders();
		headers.setCacheControl(CacheControl.noStore());
		return new ErrorAnswer(status, headers, body);
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
	 * The one string that is not ours (RFC 8259, section 7), in ASCII like all else, so
	 * that no encoding matters.
	 */
	private static String escaped(String text) {
		StringBuilder escaped = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < ' ' || c == '"' || c == '\\' || c > '~') {
				escaped.append("\\u%04x".formatted((int) c));
			}
			else {
				escaped.append(c);
			}
		}
		return escaped.toString();
	}

	@Override
	public String toString() {
		return "ErrorAnswer[" + this.status + "]";
	}

}
