package io.github.evertoken.grant;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * The form parameters of a grant.
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

}
