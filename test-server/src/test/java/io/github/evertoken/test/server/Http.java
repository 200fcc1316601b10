package io.github.evertoken.test.server;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.nimbusds.jose.util.JSONObjectUtils;

/**
 * A client of a server that knows nothing of Evertoken.
 */
final class Http {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final AuthorizationServer server;

	Http(AuthorizationServer server) {
		this.server = server;
	}

	/**
	 * Ask for a token, as the first client of the server.
	 * @param grantType the grant
	 * @param namesAndValues further parameters
	 */
	HttpResponse<String> token(String grantType, String... namesAndValues) throws IOException {
		return post(this.server.tokenUri(), basic(), form(grantType, namesAndValues));
	}

	/**
	 * Return a member of what a refresh token is answered with.
	 */
	String refreshed(String refreshToken, String member) throws IOException {
		HttpResponse<String> response = token("refresh_token", "refresh_token", refreshToken);
		if (response.statusCode() != 200) {
			throw new AssertionError(response.statusCode() + " " + response.body());
		}
		return member(response, member);
	}

	String basic() {
		String client = this.server.clients().iterator().next();
		String credentials = client + ":" + this.server.clientSecret(client);
		return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
	}

	static String form(String grantType, String... namesAndValues) {
		StringBuilder form = new StringBuilder("grant_type=").append(encode(grantType));
		for (int i = 0; i < namesAndValues.length; i += 2) {
			form.append('&').append(namesAndValues[i]).append('=').append(encode(namesAndValues[i + 1]));
		}
		return form.toString();
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	HttpResponse<String> revoke(String token) throws IOException {
		return post(this.server.revocationUri(), basic(), "token=" + encode(token));
	}

	HttpResponse<String> post(String uri, String authorization, String form) throws IOException {
		return post(uri, form, authorization.isEmpty() ? List.of() : List.of("Authorization", authorization));
	}

	/**
	 * Send a form.
	 * @param headers names and values
	 */
	static HttpResponse<String> post(String uri, String form, List<String> headers) throws IOException {
		java.net.http.HttpRequest.Builder request = request(uri).POST(BodyPublishers.ofString(form));
		if (!headers.contains("Content-Type")) {
			request.header("Content-Type", "application/x-www-form-urlencoded");
		}
		if (!headers.isEmpty()) {
			request.headers(headers.toArray(String[]::new));
		}
		return send(request);
	}

	/**
	 * Ask for the resource.
	 * @param headers names and values
	 */
	HttpResponse<String> resource(String... headers) throws IOException {
		java.net.http.HttpRequest.Builder request = request(this.server.resourceUri() + "/items/7");
		if (headers.length > 0) {
			request.headers(headers);
		}
		return send(request);
	}

	HttpResponse<String> get(String uri) throws IOException {
		return send(request(uri));
	}

	private static java.net.http.HttpRequest.Builder request(String uri) {
		return java.net.http.HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofMinutes(1));
	}

	private static HttpResponse<String> send(java.net.http.HttpRequest.Builder request) throws IOException {
		try {
			return CLIENT.send(request.build(), BodyHandlers.ofString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	static String member(HttpResponse<String> response, String name) {
		return String.valueOf(members(response).get(name));
	}

	static Map<String, Object> members(HttpResponse<String> response) {
		try {
			return JSONObjectUtils.parse(response.body());
		}
		catch (ParseException ex) {
			throw new AssertionError(response.body(), ex);
		}
	}

	static String challenge(HttpResponse<String> response) {
		return response.headers().allValues("WWW-Authenticate").stream().collect(Collectors.joining(", "));
	}

}
