package io.github.evertoken.faults;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.util.JSONObjectUtils;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server with rotating refresh tokens and reuse detection (RFC 9700,
 * section 4.14.2), to be put behind a {@link FaultyServer}. Each login is a session: a
 * family of refresh tokens, of which each may be redeemed once. One that is redeemed a
 * second time, later than the grace allows, ends the session. One that was made up is
 * refused.
 * <p>
 * It knows its tokens by their signature and keeps nothing of those that are gone, so it
 * runs as long as a test wants. It is thread-safe.
 */
public final class RotatingIssuer implements FaultyServer.Responder {

	/**
	 * The client's identifier.
	 */
	public static final String CLIENT_ID = "orders";

	/**
	 * The client's secret.
	 */
	public static final String CLIENT_SECRET = "orders-secret-7f3a";

	private static final String BASIC = "Basic "
			+ Base64.getEncoder().encodeToString((CLIENT_ID + ":" + CLIENT_SECRET).getBytes(StandardCharsets.UTF_8));

	private final InstantSource clock;

	private final Duration lifetime;

	private final Duration grace;

	private final Mac mac;

	private final Map<Integer, Session> sessions = new HashMap<>();

	private int logins;

	private long issued;

	private long requests;

	private long reuses;

	private long forgeries;

	/**
	 * Create an issuer.
	 * @param clock its clock
	 * @param lifetime how long its access tokens live, whole seconds
	 * @param grace how long a refresh token that was redeemed can be redeemed again
	 */
	public RotatingIssuer(InstantSource clock, Duration lifetime, Duration grace) {
		this.clock = clock;
		this.lifetime = lifetime;
		this.grace = grace;
		try {
			this.mac = Mac.getInstance("HmacSHA256");
			this.mac.init(new SecretKeySpec("known to nobody else".getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Log somebody in, as a browser would with the authorization code grant.
	 * @return the refresh token that a new session begins with
	 */
	public synchronized String login() {
		int id = ++this.logins;
		Session session = new Session();
		this.sessions.put(id, session);
		return refreshToken(id, session);
	}

	/**
	 * Return the number of a session.
	 * @param refreshToken any of its refresh tokens
	 * @return the number, from 1 on
	 */
	public static int sessionOf(String refreshToken) {
		return Integer.parseInt(refreshToken.split("\\.")[1]);
	}

	/**
	 * Tell whether a session lives.
	 * @param session its number
	 * @return whether no reuse has ended it
	 */
	public synchronized boolean isAlive(int session) {
		return !this.sessions.get(session).revoked;
	}

	/**
	 * Return how often a refresh token of a session was redeemed.
	 * @param session its number
	 * @return the number of times that it was answered with a token
	 */
	public synchronized int redeemed(int session) {
		return this.sessions.get(session).redeemed;
	}

	/**
	 * Return how many sessions live.
	 * @return the number
	 */
	public synchronized long alive() {
		return this.sessions.values().stream().filter((session) -> !session.revoked).count();
	}

	/**
	 * Return how many requests have come, whatever was answered.
	 * @return the number
	 */
	public synchronized long requests() {
		return this.requests;
	}

	/**
	 * Return how many access tokens were issued.
	 * @return the number
	 */
	public synchronized long issued() {
		return this.issued;
	}

	/**
	 * Return how often a refresh token was redeemed again, beyond the grace.
	 * @return the number
	 */
	public synchronized long reuses() {
		return this.reuses;
	}

	/**
	 * Return how often a refresh token came that was never issued.
	 * @return the number
	 */
	public synchronized long forgeries() {
		return this.forgeries;
	}

	/**
	 * Return when an access token expires, whatever has become of its session.
	 * @param accessToken its value
	 * @return the instant; {@code null} if it was not issued here
	 */
	public @Nullable Instant expiryOf(String accessToken) {
		String[] parts = genuine("access", accessToken);
		return (parts != null) ? Instant.ofEpochMilli(Long.parseLong(parts[3])) : null;
	}

	/**
	 * Tell whether an access token was issued here and has expired.
	 * @param accessToken its value
	 * @return whether it has
	 */
	public boolean hasExpired(String accessToken) {
		Instant expiry = expiryOf(accessToken);
		return expiry != null && !this.clock.instant().isBefore(expiry);
	}

	/**
	 * Tell whether a resource server should accept an access token.
	 * @param accessToken its value
	 * @return whether it was issued here, has not expired and was not revoked
	 */
	public synchronized boolean isActive(String accessToken) {
		String[] parts = genuine("access", accessToken);
		Session session = (parts != null) ? this.sessions.get(Integer.valueOf(parts[1])) : null;
		return parts != null && !hasExpired(accessToken) && (session == null || !session.revoked);
	}

	@Override
	public synchronized HttpAnswer answer(FaultyServer.Request request) {
		this.requests++;
		if (!BASIC.equals(request.headers().get("authorization"))) {
			return error(401, "invalid_client");
		}
		Map<String, String> form = form(request.body());
		return switch (form.getOrDefault("grant_type", "")) {
			case "client_credentials" -> issue(0, null);
			case "refresh_token" -> redeem(form.getOrDefault("refresh_token", ""));
			default -> error(400, "unsupported_grant_type");
		};
	}

	private HttpAnswer redeem(String refreshToken) {
		String[] parts = genuine("refresh", refreshToken);
		if (parts == null) {
			this.forgeries++;
			return error(400, "invalid_grant");
		}
		int id = Integer.parseInt(parts[1]);
		Session session = this.sessions.get(id);
		if (!session.redeem(Integer.parseInt(parts[2]), this.clock.millis(), this.grace.toMillis())) {
			this.reuses++;
			session.revoked = true;
		}
		return session.revoked ? error(400, "invalid_grant") : issue(id, refreshToken(id, session));
	}

	private String refreshToken(int id, Session session) {
		return signed("refresh." + id + "." + session.next());
	}

	private HttpAnswer issue(int session, @Nullable String refreshToken) {
		long expiry = this.clock.millis() + this.lifetime.toMillis();
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("access_token", signed("access." + session + "." + ++this.issued + "." + expiry));
		json.put("token_type", "Bearer");
		json.put("expires_in", this.lifetime.toSeconds());
		if (refreshToken != null) {
			json.put("refresh_token", refreshToken);
		}
		return HttpAnswer.json(200, JSONObjectUtils.toJSONString(json));
	}

	private static HttpAnswer error(int status, String error) {
		return HttpAnswer.json(status, "{\"error\":\"" + error + "\"}");
	}

	private synchronized String signed(String text) {
		byte[] signature = this.mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
		return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
	}

	private String @Nullable [] genuine(String kind, String token) {
		int end = token.lastIndexOf('.');
		boolean genuine = token.startsWith(kind + ".") && token.equals(signed(token.substring(0, end)));
		return genuine ? token.split("\\.") : null;
	}

	private static Map<String, String> form(String body) {
		Map<String, String> form = new HashMap<>();
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

	/**
	 * All refresh tokens that go back to one login, by their numbers.
	 */
	private static final class Session {

		private static final int MOST_REDEEMABLE = 16;

		// Those that nobody has redeemed. It is one, or a few more if answers get lost.
		private final TreeSet<Integer> redeemable = new TreeSet<>();

		// When those were redeemed that may be redeemed again.
		private final Map<Integer, Long> redeemedLately = new HashMap<>();

		private int latest;

		private int redeemed;

		private boolean revoked;

		int next() {
			this.redeemable.add(++this.latest);
			if (this.redeemable.size() > MOST_REDEEMABLE) {
				this.redeemable.pollFirst();
			}
			return this.latest;
		}

		boolean redeem(int number, long now, long grace) {
			this.redeemedLately.values().removeIf((time) -> now - time >= grace);
			if (!this.redeemable.remove(number) && !this.redeemedLately.containsKey(number)) {
				return false;
			}
			this.redeemedLately.putIfAbsent(number, now);
			this.redeemed++;
			return true;
		}

	}

}
