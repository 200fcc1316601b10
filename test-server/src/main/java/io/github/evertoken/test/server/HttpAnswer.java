package io.github.evertoken.test.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.util.JSONObjectUtils;

/**
 * An answer, and what becomes of it on its way.
 *
 * @param status its status
 * @param headers the lines of its headers, without those that every answer has
 * @param body its body
 * @param delay how long the client waits for it
 * @param way what becomes of it
 */
record HttpAnswer(int status, List<String> headers, byte[] body, Duration delay, Way way) {

	/**
	 * What becomes of an answer.
	 */
	enum Way {

		/**
		 * It arrives, and the connection is good for the next request.
		 */
		ARRIVES,

		/**
		 * The connection is reset when half of the body is written.
		 */
		IS_TORN,

		/**
		 * The connection is reset before anything is written.
		 */
		IS_LOST,

		/**
		 * Nothing comes, and the connection stays open.
		 */
		NEVER_COMES

	}

	private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

	static HttpAnswer of(int status, String contentType, String body) {
		List<String> headers = contentType.isEmpty() ? List.of() : List.of("Content-Type: " + contentType);
		return new HttpAnswer(status, headers, body.getBytes(StandardCharsets.UTF_8), Duration.ZERO, Way.ARRIVES);
	}

	static HttpAnswer empty(int status) {
		return of(status, "", "");
	}

	/**
	 * Return an answer that nobody may keep (RFC 6749, section 5.1).
	 */
	static HttpAnswer json(int status, Map<String, ?> members) {
		return of(status, "application/json", JSONObjectUtils.toJSONString(members)).with("Cache-Control", "no-store");
	}

	HttpAnswer with(String header, String value) {
		List<String> headers = new ArrayList<>(this.headers);
		headers.add(header + ": " + value);
		return new HttpAnswer(this.status, List.copyOf(headers), this.body, this.delay, this.way);
	}

	HttpAnswer after(Duration delay) {
		return new HttpAnswer(this.status, this.headers, this.body, delay, this.way);
	}

	HttpAnswer on(Way way) {
		return new HttpAnswer(this.status, this.headers, this.body, this.delay, way);
	}

	/**
	 * Return what is written.
	 * @param now what time it is
	 * @param withBody whether the body is, which an answer to {@code HEAD} has none of
	 */
	byte[] bytes(Instant now, boolean withBody) {
		StringBuilder head = new StringBuilder("HTTP/1.1 ").append(this.status).append(' ').append("\r\n");
		this.headers.forEach((header) -> head.append(header).append("\r\n"));
		head.append("Date: ").append(DATE.format(now)).append("\r\n");
		if (this.status != 204 && this.status != 304) {
			head.append("Content-Length: ").append(this.body.length).append("\r\n");
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
		if (withBody) {
			bytes.write(this.body, 0, (this.way == Way.IS_TORN) ? this.body.length / 2 : this.body.length);
		}
		return bytes.toByteArray();
	}

	@Override
	public String toString() {
		return "HttpAnswer[" + this.status + "]";
	}

}
