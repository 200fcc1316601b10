package io.github.evertoken.authentication;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The texts that make a client known.
 */
final class ClientText {

	private ClientText() {
	}

	/**
	 * Require that a text is there.
	 * @param text the text
	 * @param what what it is of the client
	 */
	static void require(String text, String what) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("The client " + what + " must not be empty");
		}
	}

	/**
	 * Return a text in the {@code application/x-www-form-urlencoded} format (RFC 6749,
	 * appendix B).
	 */
	static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
