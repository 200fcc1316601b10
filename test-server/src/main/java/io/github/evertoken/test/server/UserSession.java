package io.github.evertoken.test.server;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * All refresh tokens that go back to one login (RFC 9700, section 4.14.2). Whoever uses
 * it holds the server's lock.
 */
final class UserSession {

	private final String client;

	private final String subject;

	private final String scope;

	// When each was redeemed first, null for never.
	private final Map<String, @Nullable Instant> refreshTokens = new HashMap<>();

	private boolean ended;

	UserSession(String client, String subject, String scope) {
		this.client = client;
		this.subject = subject;
		this.scope = scope;
	}

	String client() {
		return this.client;
	}

	String subject() {
		return this.subject;
	}

	String scope() {
		return this.scope;
	}

	void add(String refreshToken) {
		this.refreshTokens.put(refreshToken, null);
	}

	/**
	 * Redeem a refresh token that is to be replaced by another one.
	 * @return {@code false} if that has happened before, and so long ago that the grace
	 * is over
	 */
	boolean redeem(String refreshToken, Instant now, Duration grace) {
		Instant before = this.refreshTokens.get(refreshToken);
		if (before == null) {
			this.refreshTokens.put(refreshToken, now);
		}
		return before == null || now.isBefore(before.plus(grace));
	}

	boolean wasRedeemed(String refreshToken) {
		return this.refreshTokens.get(refreshToken) != null;
	}

	void end() {
		this.ended = true;
	}

	boolean hasEnded() {
		return this.ended;
	}

}
