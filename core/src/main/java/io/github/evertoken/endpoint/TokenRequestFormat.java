package io.github.evertoken.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import com.nimbusds.jose.util.JSONObjectUtils;

import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.BodyInserters;

/**
 * How the parameters of a token request, and of a revocation, are written.
 *
 * @since 0.1.0
 */
public enum TokenRequestFormat {

	/**
	 * As a form (RFC 6749, section 4.4.2).
	 */
	FORM {

		@Override
		BodyInserter<?, ? super ClientHttpRequest> body(MultiValueMap<String, String> parameters) {
			return BodyInserters.fromFormData(parameters);
		}

	},

	/**
	 * As a JSON object whose members are strings. A parameter with several values is an
	 * array of strings.
	 */
	JSON {

		@Override
		BodyInserter<?, ? super ClientHttpRequest> body(MultiValueMap<String, String> parameters) {
			byte[] json = json(parameters).getBytes(StandardCharsets.UTF_8);
			return (request, context) -> {
				request.getHeaders().setContentType(MediaType.APPLICATION_JSON);
				return BodyInserters.fromValue(json).insert(request, context);
			};
		}

	};

	abstract BodyInserter<?, ? super ClientHttpRequest> body(MultiValueMap<String, String> parameters);

	/**
	 * Return a text as it stands in a JSON string.
	 */
	static String escape(String text) {
		String json = JSONObjectUtils.toJSONString(Map.of("", text));
		return json.substring("{\"\":\"".length(), json.length() - "\"}".length());
	}

	private static String json(MultiValueMap<String, String> parameters) {
		Map<String, Object> members = new LinkedHashMap<>();
		parameters.forEach((name, values) -> members.put(name, (values.size() == 1) ? values.get(0) : values));
		return JSONObjectUtils.toJSONString(members);
	}

}
