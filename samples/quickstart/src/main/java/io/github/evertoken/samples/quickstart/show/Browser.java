package io.github.evertoken.samples.quickstart.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Speaks to the authorization server as a browser does: it has cookies, and sends forms.
 * It blocks, and stops at each redirect.
 */
final class Browser {

	private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

	private final String baseUrl;

	Browser(String baseUrl) {
		this.baseUrl = baseUrl;
	}

	HttpResponse<String> get(String path) {
		return send(request(path).header("Accept", "text/html"));
	}

	HttpResponse<String> post(String path, Map<String, String> form) {
		return send(request(path).header("Accept", "text/html"), form);
	}

	HttpResponse<String> postAs(String clientId, String clientSecret, String path, Map<String, String> form) {
		byte[] credentials = (clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8);
		String basic = "Basic " + Base64.getEncoder().encodeToString(credentials);
		HttpResponse<String> response = send(request(path).header("Authorization", basic), form);
		if (response.statusCode() != 200) {
			throw new IllegalStateException(path + " answered " + response.statusCode() + ": " + response.body());
		}
		return response;
	}

	static String encode(Map<String, String> form) {
		return form.entrySet()
			.stream()
			.map((entry) -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
			.collect(Collectors.joining("&"));
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.baseUrl).resolve(path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> form) {
		return send(request.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(encode(form))));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
