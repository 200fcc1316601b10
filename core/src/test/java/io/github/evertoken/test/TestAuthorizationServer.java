package io.github.evertoken.test;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.nimbusds.jose.util.JSONObjectUtils;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;

/**
 * A scriptable authorization server: real HTTP, one token endpoint, one client.
 * <p>
 * It knows {@code client_credentials} and {@code refresh_token}. Refresh tokens rotate;
 * one that is used a second time counts as stolen, and its whole family, access tokens
 * included, is revoked (RFC 9700, section 4.14.2). All values are random, so that a leak
 * can be searched for; each access token has a short name to tell it by.
 * <p>
 * It is thread-safe, may be told something new at any time and copes with a thousand
 * connections at once; see {@link TestWebClients} for the client's side.
 */
public final class TestAuthorizationServer implements AutoCloseable {

	/**
	 * The client's identifier.
	 */
	public static final String CLIENT_ID = "orders";

	/**
	 * The client's secret.
	 */
	public static final String CLIENT_SECRET = "orders-secret-7f3a";

	private final Clock clock;

	private final MockWebServer server;

	private final Map<String, AccessToken> accessTokens = new HashMap<>();

	private final Map<String, RefreshToken> refreshTokens = new HashMap<>();

	private final Map<String, Integer> requests = new HashMap<>();

	private Duration lifetime = Duration.ofHours(1);

	private boolean lifetimeNamed = true;

	private boolean rotating = true;

	private Duration latency = Duration.ZERO;

	private @Nullable MockResponse outage;

	private int issued;

	private int reuses;

	private TestAuthorizationServer(Clock clock) {
		this.clock = clock;
		this.server = TestServers.start(new TokenEndpoint());
	}

	/**
	 * Start a server on a free port of the loopback interface.
	 * @return a running server; close it
	 */
	public static TestAuthorizationServer start() {
		return start(Clock.systemUTC());
	}

	/**
	 * Start a server whose tokens expire by a clock of the test's own.
	 * @param clock the clock
	 * @return a running server; close it
	 */
	public static TestAuthorizationServer start(Clock clock) {
		return new TestAuthorizationServer(clock);
	}

	/**
	 * Return the token endpoint.
	 * @return the absolute URI
	 */
	public URI tokenUri() {
		return this.server.url("/token").uri();
	}

	/**
	 * Set how long the access tokens live that are issued from now on, one hour by
	 * default, and name it as {@code expires_in}.
	 * @param lifetime the lifetime, whole seconds
	 */
	public synchronized void expiresIn(Duration lifetime) {
		this.lifetime = lifetime;
		this.lifetimeNamed = true;
	}

	/**
	 * Name no {@code expires_in} from now on. The tokens live as long as before.
	 */
	public synchronized void withoutExpiresIn() {
		this.lifetimeNamed = false;
	}

	/**
	 * Answer a refresh without a refresh token from now on: the old one stays valid.
	 */
	public synchronized void withoutRotation() {
		this.rotating = false;
	}

	/**
	 * Take some time before each answer.
	 * @param latency how long, zero by default
	 */
	public synchronized void latency(Duration latency) {
		this.latency = latency;
	}

	/**
	 * Answer 503 to everything, until {@link #recover()}.
	 * @param retryAfter the value of {@code Retry-After}, or {@code null} for none
	 */
	public synchronized void fail(@Nullable String retryAfter) {
		MockResponse.Builder response = new MockResponse.Builder().code(503);
		if (retryAfter != null) {
			response.addHeader("Retry-After", retryAfter);
		}
		this.outage = response.build();
	}

	/**
	 * Answer everything with a response of the test's own, until {@link #recover()}.
	 * @param response the response
	 */
	public synchronized void answer(MockResponse response) {
		this.outage = response;
	}

	/**
	 * Accept connections and answer nothing, until {@link #recover()}.
	 */
	public synchronized void hang() {
		this.outage = new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
	}

	/**
	 * End an outage.
	 */
	public synchronized void recover() {
		this.outage = null;
	}

	/**
	 * Log somebody in, as a browser would with the authorization code grant.
	 * @return the refresh token of a new family
	 */
	public synchronized String login() {
		return newRefreshToken(new Family());
	}

	/**
	 * Revoke one access token.
	 * @param accessToken its value
	 */
	public synchronized void revoke(String accessToken) {
		this.accessTokens.remove(accessToken);
	}

	/**
	 * Revoke all access tokens. The refresh tokens stay valid.
	 */
	public synchronized void revokeAll() {
		this.accessTokens.clear();
	}

	/**
	 * Revoke all refresh tokens. The access tokens stay valid.
	 */
	public synchronized void revokeRefreshTokens() {
		this.refreshTokens.clear();
	}

	/**
	 * Tell whether a resource server should accept an access token.
	 * @param accessToken its value
	 * @return whether it was issued here, has not expired and was not revoked
	 */
	public synchronized boolean isActive(String accessToken) {
		AccessToken token = this.accessTokens.get(accessToken);
		return token != null && !token.family().revoked && this.clock.instant().isBefore(token.expiresAt());
	}

	/**
	 * Return the short name of an access token: {@code token-1} for the first one issued.
	 * @param accessToken its value
	 * @return the name, or {@code null} if it was not issued here or was revoked
	 */
	public synchronized @Nullable String nameOf(String accessToken) {
		AccessToken token = this.accessTokens.get(accessToken);
		return (token != null) ? token.name() : null;
	}

	/**
	 * Return how many requests have come, whatever was answered.
	 * @return the number
	 */
	public synchronized int requests() {
		return this.requests.values().stream().mapToInt(Integer::intValue).sum();
	}

	/**
	 * Return how many requests have come for one grant, whatever was answered.
	 * @param grantType the {@code grant_type}
	 * @return the number
	 */
	public synchronized int requests(String grantType) {
		return this.requests.getOrDefault(grantType, 0);
	}

	/**
	 * Return how many access tokens were issued.
	 * @return the number
	 */
	public synchronized int issued() {
		return this.issued;
	}

	/**
	 * Return how often a refresh token was used again. Anything but 0 is a bug in the
	 * client.
	 * @return the number
	 */
	public synchronized int reuses() {
		return this.reuses;
	}

	@Override
	public void close() {
		this.server.close();
	}

	private synchronized MockResponse answer(RecordedRequest request) {
		Map<String, String> form = form(request);
		String grantType = form.getOrDefault("grant_type", "");
		this.requests.merge(grantType, 1, Integer::sum);
		MockResponse response = (this.outage != null) ? this.outage : token(request, grantType, form);
		return response.newBuilder().headersDelay(this.latency.toNanos(), TimeUnit.NANOSECONDS).build();
	}

	private MockResponse token(RecordedRequest request, String grantType, Map<String, String> form) {
		if (!authenticated(request, form)) {
			return json(401, Map.of("error", "invalid_client"));
		}
		return switch (grantType) {
			case "client_credentials" -> clientCredentials();
			case "refresh_token" -> refresh(form.getOrDefault("refresh_token", ""));
			default -> json(400, Map.of("error", "unsupported_grant_type"));
		};
	}

	private MockResponse clientCredentials() {
		Family family = new Family();
		return issue(family, null);
	}

	private MockResponse refresh(String value) {
		RefreshToken token = this.refreshTokens.get(value);
		if (token != null && token.used) {
			this.reuses++;
			token.family.revoked = true;
		}
		if (token == null || token.family.revoked) {
			return json(400, Map.of("error", "invalid_grant", "error_description", "The refresh token is not valid"));
		}
		token.used = this.rotating;
		return issue(token.family, this.rotating ? newRefreshToken(token.family) : null);
	}

	private MockResponse issue(Family family, @Nullable String refreshToken) {
		String name = "token-" + ++this.issued;
		String value = name + "." + UUID.randomUUID();
		this.accessTokens.put(value, new AccessToken(name, this.clock.instant().plus(this.lifetime), family));
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("access_token", value);
		json.put("token_type", "Bearer");
		if (this.lifetimeNamed) {
			json.put("expires_in", this.lifetime.toSeconds());
		}
		if (refreshToken != null) {
			json.put("refresh_token", refreshToken);
		}
		return json(200, json);
	}

	private String newRefreshToken(Family family) {
		String value = "refresh." + UUID.randomUUID();
		this.refreshTokens.put(value, new RefreshToken(family));
		return value;
	}

	private static boolean authenticated(RecordedRequest request, Map<String, String> form) {
		String credentials = CLIENT_ID + ":" + CLIENT_SECRET;
		String basic = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
		return basic.equals(request.getHeaders().get("Authorization"))
				|| credentials.equals(form.get("client_id") + ":" + form.get("client_secret"));
	}

	private static Map<String, String> form(RecordedRequest request) {
		Map<String, String> form = new HashMap<>();
		String body = (request.getBody() != null) ? request.getBody().utf8() : "";
		for (String pair : body.split("&")) {
			String[] nameAndValue = pair.split("=", 2);
			if (nameAndValue.length == 2) {
				form.put(decode(nameAndValue[0]), decode(nameAndValue[1]));
			}
		}
		return form;
	}

	private static String decode(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	private static MockResponse json(int status, Map<String, ?> json) {
		return new MockResponse.Builder().code(status)
			.addHeader("Content-Type", "application/json")
			.addHeader("Cache-Control", "no-store")
			.body(JSONObjectUtils.toJSONString(json))
			.build();
	}

	private final class TokenEndpoint extends Dispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			return answer(request);
		}

	}

	/**
	 * All tokens that go back to one login.
	 */
	private static final class Family {

		private boolean revoked;

	}

	private record AccessToken(String name, Instant expiresAt, Family family) {
	}

	private static final class RefreshToken {

		private final Family family;

		private boolean used;

		RefreshToken(Family family) {
			this.family = family;
		}

	}

}
