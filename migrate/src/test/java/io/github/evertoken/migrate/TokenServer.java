package io.github.evertoken.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server below {@code /idp}, and resource servers everywhere else, over
 * real HTTP. An access token says what it was asked for with, the secret encoded as a
 * form has it, and a resource answers with the {@code Authorization} header that it got.
 */
final class TokenServer implements AutoCloseable {

	private static final Pattern SUBJECT = Pattern.compile("\"sub\":\"([^\"]*)\"");

	private final MockWebServer server = new MockWebServer();

	TokenServer() {
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return answer(request);
			}

		});
		try {
			this.server.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String url(String path) {
		return "http://127.0.0.1:" + this.server.getPort() + path;
	}

	private MockResponse answer(RecordedRequest request) {
		String path = request.getUrl().encodedPath();
		if (path.contains("/.well-known/")) {
			return metadata(path);
		}
		return (path.startsWith("/idp/") && path.endsWith("/token")) ? token(path, request) : resource(request);
	}

	/**
	 * Only what comes first in the order of the locations is there.
	 */
	private MockResponse metadata(String path) {
		if (!path.startsWith("/idp/") || !path.endsWith("/.well-known/openid-configuration")) {
			return new MockResponse.Builder().code(404).build();
		}
		String issuer = url(path.substring(0, path.indexOf("/.well-known/")));
		return json("{\"issuer\":\"" + issuer + "\",\"token_endpoint\":\"" + url("/idp/discovered/token") + "\"}");
	}

	private static MockResponse token(String path, RecordedRequest request) {
		Map<String, String> form = form(Objects.requireNonNull(request.getBody()).utf8());
		String grant = form.getOrDefault("grant_type", "none").replaceAll(".*:", "");
		String scope = form.getOrDefault("scope", "").replace(' ', '+');
		String shown = form.getOrDefault("assertion", form.getOrDefault("subject_token", ""));
		String token = grant + "|" + client(request.getHeaders().get("Authorization"), form) + "|" + scope + "|" + shown
				+ "|" + path;
		return json("{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
	}

	private static String client(@Nullable String authorization, Map<String, String> form) {
		if (authorization != null) {
			return "basic:" + decoded(authorization.substring("Basic ".length()), Base64.getDecoder());
		}
		String assertion = form.get("client_assertion");
		if (assertion != null) {
			String[] parts = assertion.split("\\.");
			String header = decoded(parts[0], Base64.getUrlDecoder());
			Matcher subject = SUBJECT.matcher(decoded(parts[1], Base64.getUrlDecoder()));
			return (header.contains("HS256") ? "hmac:" : "key:") + (subject.find() ? subject.group(1) : "nobody");
		}
		return "post:" + form.get("client_id") + ":"
				+ URLEncoder.encode(form.getOrDefault("client_secret", ""), StandardCharsets.UTF_8);
	}

	private static String decoded(String text, Base64.Decoder decoder) {
		return new String(decoder.decode(text), StandardCharsets.UTF_8);
	}

	private static Map<String, String> form(String body) {
		Map<String, String> form = new LinkedHashMap<>();
		for (String pair : body.split("&")) {
			String[] parts = pair.split("=", 2);
			form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
		}
		return form;
	}

	private static MockResponse resource(RecordedRequest request) {
		String authorization = request.getHeaders().get("Authorization");
		return new MockResponse.Builder().addHeader("Content-Type", "text/plain")
			.body((authorization != null) ? authorization : "none")
			.build();
	}

	private static MockResponse json(String json) {
		return new MockResponse.Builder().addHeader("Content-Type", "application/json").body(json).build();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
