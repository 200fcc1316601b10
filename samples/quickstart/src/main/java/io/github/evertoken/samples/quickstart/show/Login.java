package io.github.evertoken.samples.quickstart.show;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.evertoken.TokenSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.util.UriComponentsBuilder;

/**
 * Logs a user in: the authorization code flow with PKCE (RFC 6749, section 4.1, and RFC
 * 7636), through the login page of the authorization server.
 */
final class Login {

	private static final String REDIRECT_URI = "http://127.0.0.1:8080/signed-in";

	private static final Pattern CSRF_TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

	private final Browser browser;

	private final String clientId;

	private final String clientSecret;

	private final String codeVerifier = base64(random());

	Login(String authorizationServer, String clientId, String clientSecret) {
		this.browser = new Browser(authorizationServer);
		this.clientId = clientId;
		this.clientSecret = clientSecret;
	}

	TokenSet of(String user, String password) {
		String code = codeFor(user, password);
		Instant requestedAt = Instant.now();
		HttpResponse<String> response = this.browser.postAs(this.clientId, this.clientSecret, "/oauth2/token",
				Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", REDIRECT_URI, "code_verifier",
						this.codeVerifier));
		JsonNode tokens = JsonMapper.shared().readTree(response.body());
		return TokenSet.withAccessToken(tokens.get("access_token").asString())
			.expiresIn(Duration.ofSeconds(Math.max(1, tokens.get("expires_in").asLong())))
			.refreshToken(tokens.get("refresh_token").asString())
			.obtainedAt(requestedAt)
			.build();
	}

	private String codeFor(String user, String password) {
		this.browser.get("/oauth2/authorize?" + Browser.encode(authorizationRequest()));
		String loginPage = this.browser.get("/login").body();
		HttpResponse<String> loggedIn = this.browser.post("/login",
				Map.of("username", user, "password", password, "_csrf", csrfToken(loginPage)));
		HttpResponse<String> authorized = this.browser.get(location(loggedIn));
		String code = UriComponentsBuilder.fromUriString(location(authorized))
			.build()
			.getQueryParams()
			.getFirst("code");
		if (code == null) {
			throw new IllegalStateException("The login of " + user + " did not lead to a code");
		}
		return code;
	}

	private Map<String, String> authorizationRequest() {
		Map<String, String> request = new LinkedHashMap<>();
		request.put("response_type", "code");
		request.put("client_id", this.clientId);
		request.put("redirect_uri", REDIRECT_URI);
		request.put("scope", "baskets.read");
		request.put("code_challenge", base64(sha256(this.codeVerifier)));
		request.put("code_challenge_method", "S256");
		return request;
	}

	private static String csrfToken(String loginPage) {
		Matcher matcher = CSRF_TOKEN.matcher(loginPage);
		if (!matcher.find()) {
			throw new IllegalStateException("The login page has no CSRF token");
		}
		return matcher.group(1);
	}

	private static String location(HttpResponse<String> response) {
		return response.headers()
			.firstValue("Location")
			.orElseThrow(() -> new IllegalStateException(
					response.uri().getPath() + " answered " + response.statusCode() + " instead of a redirect"));
	}

	private static byte[] random() {
		byte[] bytes = new byte[32];
		new SecureRandom().nextBytes(bytes);
		return bytes;
	}

	private static byte[] sha256(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String base64(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
