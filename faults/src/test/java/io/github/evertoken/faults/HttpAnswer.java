package io.github.evertoken.faults;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An answer over HTTP/1.1 as it should be, and the text of it, which a fault can spoil.
 *
 * @param status the status code
 * @param headers the headers, without those that say how long the body is
 * @param body the body, US-ASCII
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {

	/**
	 * Make an answer with JSON.
	 * @param status the status code
	 * @param json the body
	 * @return the answer
	 */
	public static HttpAnswer json(int status, String json) {
		return new HttpAnswer(status, Map.of("Content-Type", "application/json"), json);
	}

	/**
	 * Make an answer with nothing.
	 * @param status the status code
	 * @return the answer
	 */
	public static HttpAnswer of(int status) {
		return new HttpAnswer(status, Map.of(), "");
	}

	/**
	 * Add a header.
	 * @param name its name
	 * @param value its value
	 * @return another answer
	 */
	public HttpAnswer with(String name, String value) {
		Map<String, String> headers = new LinkedHashMap<>(this.headers);
		headers.put(name, value);
		return new HttpAnswer(this.status, headers, this.body);
	}

	/**
	 * Return all of it.
	 * @return the status line, the headers and the body, with its length
	 */
	public String text() {
		return head("Content-Length: " + this.body.length()) + this.body;
	}

	/**
	 * Return all of it in chunks.
	 * @return the status line, the headers, and the body in two chunks
	 */
	public String chunked() {
		int half = this.body.length() / 2;
		return head("Transfer-Encoding: chunked") + chunk(this.body.substring(0, half))
				+ chunk(this.body.substring(half)) + chunk("");
	}

	private static String chunk(String text) {
		return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
	}

	/**
	 * Return the status line and the headers.
	 * @param more the last header line, which says how long the body is
	 * @return the text up to the body
	 */
	public String head(String more) {
		String lines = this.headers.entrySet()
			.stream()
			.map((header) -> header.getKey() + ": " + header.getValue() + "\r\n")
			.collect(Collectors.joining());
		return "HTTP/1.1 " + this.status + " Any\r\n" + lines + more + "\r\n\r\n";
	}

}
