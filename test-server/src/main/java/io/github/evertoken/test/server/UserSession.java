package io.github.evertoken.test.server;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
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

	private @Nullable String thumbprint;

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

	/**
	 * Tell whether a scope is none but what was consented to. Nothing was said of that if
	 * the session has no scope.
	 */
	boolean covers(String requested) {
		return this.scope.isEmpty() || List.of(this.scope.split(" ")).containsAll(List.of(requested.split(" ")));
	}

	void add(String refreshToken) {
		this.refreshTokens.put(refreshToken, null);
	}

	/**
	 * Tell whether a refresh token was redeemed before, and so long ago that the grace is
	 * over.
	 */
	boolean isReuse(String refreshToken, Instant now, Duration grace) {
		Instant before = this.refreshTokens.get(refreshToken);
		return before != null && !now.isBefore(before.plus(grace));
	}

	/**
	 * Redeem a refresh token that is to be replaced by another one.
	 */
	void redeem(String refreshToken, Instant now) {
		this.refreshTokens.putIfAbsent(refreshToken, now);
	}

	/**
	 * Accept its refresh tokens from now on with proofs of a key alone.
	 * @param thumbprint that of the key, or {@code null} to leave it at what it is
	 */
	void bind(@Nullable String thumbprint) {
		if (thumbprint != null) {
			this.thumbprint = thumbprint;
		}
	}

	/**
	 * Tell whether a key does: it is bound to that, or to none.
	 */
	boolean isBoundTo(@Nullable String thumbprint) {
		return this.thumbprint == null || this.thumbprint.equals(thumbprint);
	}

	void end() {
		this.ended = true;
	}

	boolean hasEnded() {
		return this.ended;
	}

}
