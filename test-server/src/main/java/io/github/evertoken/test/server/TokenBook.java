package io.github.evertoken.test.server;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which tokens there are, and what has become of them. Whoever uses it holds the server's
 * lock.
 */
final class TokenBook {

	private static final int BYTES = 24;

	private final SecureRandom random = new SecureRandom();

	private final Map<String, IssuedToken> accessTokens = new HashMap<>();

	private final Set<String> revoked = new HashSet<>();

	private final Map<String, UserSession> sessions = new HashMap<>();

	private int issued;

	private int reuses;

	private int ended;

	/**
	 * Return a value that nobody can guess.
	 */
	String newValue() {
		byte[] bytes = new byte[BYTES];
		this.random.nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	int nextNumber() {
		return ++this.issued;
	}

	int issued() {
		return this.issued;
	}

	int reuses() {
		return this.reuses;
	}

	int endedSessions() {
		return this.ended;
	}

	void add(IssuedToken token) {
		this.accessTokens.put(token.value(), token);
	}

	/**
	 * Return a token that was issued, whatever has become of it, or {@code null}.
	 */
	@Nullable IssuedToken find(String value) {
		return this.accessTokens.get(value);
	}

	/**
	 * Return a token that was issued, as a resource finds it, or {@code null}.
	 */
	@Nullable ShownToken show(String value, Instant now) {
		IssuedToken token = find(value);
		if (token == null) {
			return null;
		}
		String flaw = now.isBefore(token.expiresAt()) ? "The token was revoked" : "The token has expired";
		return new ShownToken(token, isActive(token, now) ? null : flaw);
	}

	boolean isActive(IssuedToken token, Instant now) {
		UserSession session = token.session();
		return now.isBefore(token.expiresAt()) && !this.revoked.contains(token.value())
				&& (session == null || !session.hasEnded());
	}

	/**
	 * Return a refresh token of a session, from now on one that can be redeemed.
	 */
	String newRefreshToken(UserSession session) {
		String value = newValue();
		this.sessions.put(value, session);
		session.add(value);
		return value;
	}

	/**
	 * Return the session of a refresh token, or {@code null} if it was made up.
	 */
	@Nullable UserSession sessionOf(String refreshToken) {
		return this.sessions.get(refreshToken);
	}

	void reused(UserSession session) {
		this.reuses++;
		end(session);
	}

	void end(UserSession session) {
		if (!session.hasEnded()) {
			this.ended++;
			session.end();
		}
	}

	void endAll() {
		this.sessions.values().forEach(this::end);
	}

	void revoke(String accessToken) {
		this.revoked.add(accessToken);
	}

	void revokeAll() {
		this.revoked.addAll(this.accessTokens.keySet());
	}

	/**
	 * Forget what was counted.
	 */
	void forgetCounts() {
		this.issued = 0;
		this.reuses = 0;
		this.ended = 0;
	}

}
