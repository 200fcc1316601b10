package io.github.evertoken.web;

import java.net.URI;

import io.github.evertoken.Origin;
import io.github.evertoken.lifecycle.Place;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Where a request goes, for telling apart what refuses tokens.
 */
final class RequestPlace {

	/**
	 * Where {@code WebClient} keeps the template that a request's URL was made from.
	 */
	private static final String TEMPLATE = WebClient.class.getName() + ".uriTemplate";

	private static final int LONGEST_PATH = 256;

	private RequestPlace() {
	}

	static Place of(ClientRequest request) {
		URI url = request.url();
		Object template = request.attributes().get(TEMPLATE);
		return new Place(Origin.of(url).toString(),
				shortened((template != null) ? template.toString() : url.getRawPath()));
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
