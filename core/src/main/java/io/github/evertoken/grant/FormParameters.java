package io.github.evertoken.grant;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Parameters in the {@code application/x-www-form-urlencoded} format (RFC 6749, appendix
 * B).
 */
final class FormParameters {

	private FormParameters() {
	}

	/**
	 * Return a modifiable map with one parameter.
	 */
	static MultiValueMap<String, String> of(String name, String value) {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		parameters.set(name, value);
		return parameters;
	}

	static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/**
	 * Require that a value is there.
	 * @param value the value
	 * @param what what it is of the client
	 */
	static void requireText(String value, String what) {
		if (value.isBlank()) {
			throw new IllegalArgumentException("The client " + what + " must not be empty");
		}
	}

}
