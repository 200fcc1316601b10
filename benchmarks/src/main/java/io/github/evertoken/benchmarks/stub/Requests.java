package io.github.evertoken.benchmarks.stub;

import java.net.URI;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The request that all contenders send: with three headers, for what a copy of a request
 * costs grows with their number.
 */
public final class Requests {

	/**
	 * Where the client's tokens may go.
	 */
	public static final String BASE_URL = "https://inventory.internal/api";

	private static final URI URL = URI.create(BASE_URL + "/items/7");

	private Requests() {
	}

	/**
	 * Return the request as a filter gets it.
	 * @return the request
	 */
	public static ClientRequest standard() {
		return ClientRequest.create(HttpMethod.GET, URL).headers(Requests::addHeaders).build();
	}

	/**
	 * Start the request as a user of {@code WebClient} does.
	 * @param client the client
	 * @param url where the request goes
	 * @return the request with its headers
	 */
	public static WebClient.RequestHeadersSpec<?> standard(WebClient client, URI url) {
		return client.get().uri(url).headers(Requests::addHeaders);
	}

	/**
	 * Start the request to the base URL.
	 * @param client the client
	 * @return the request with its headers
	 */
	public static WebClient.RequestHeadersSpec<?> standard(WebClient client) {
		return standard(client, URL);
	}

	private static void addHeaders(HttpHeaders headers) {
		headers.set(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
		headers.set(HttpHeaders.USER_AGENT, "orders/1.0");
		headers.set("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
	}

}
