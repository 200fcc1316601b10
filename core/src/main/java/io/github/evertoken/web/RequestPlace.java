package io.github.evertoken.web;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.github.evertoken.Origin;
import io.github.evertoken.lifecycle.Place;
import org.jspecify.annotations.Nullable;

import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Where a request goes, for telling apart what refuses tokens.
 */
final class RequestPlace {

	/**
	 * Where {@code WebClient} and {@code RestClient} keep the template that a request's
	 * URL was made from.
	 */
	private static final List<String> TEMPLATES = List.of(WebClient.class.getName() + ".uriTemplate",
			RestClient.class.getName() + ".uriTemplate");

	private static final int LONGEST_PATH = 256;

	private RequestPlace() {
	}

	static Place of(ClientRequest request) {
		URI url = request.url();
		Object template = template(request.attributes());
		return new Place(Origin.of(url).toString(),
				shortened((template != null) ? template.toString() : url.getRawPath()));
	}

	private static @Nullable Object template(Map<String, Object> attributes) {
		for (String name : TEMPLATES) {
			Object template = attributes.get(name);
			if (template != null) {
				return template;
			}
		}
		return null;
	}

	private static String shortened(@Nullable String path) {
		if (path == null) {
			return "";
		}
		int query = path.indexOf('?');
		String plain = (query >= 0) ? path.substring(0, query) : path;
		return (plain.length() > LONGEST_PATH) ? plain.substring(0, LONGEST_PATH) : plain;
	}

}
