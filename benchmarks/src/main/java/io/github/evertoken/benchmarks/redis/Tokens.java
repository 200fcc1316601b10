package io.github.evertoken.benchmarks.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;

/**
 * Token sets of the size that they have with many providers.
 */
final class Tokens {

	static final String CLIENT = "inventory";

	/**
	 * The characters of an access token: a JWT with some claims.
	 */
	static final int ACCESS_LENGTH = 1024;

	static final int REFRESH_LENGTH = 700;

	private static final AtomicLong number = new AtomicLong();

	private Tokens() {
	}

	/**
	 * Return the key of a subject that there has not been.
	 */
	static TokenKey newKey() {
		return TokenKey.of(CLIENT, "subject-" + number.incrementAndGet());
	}

	/**
	 * Return a token set that there has not been, with a refresh token.
	 */
	static TokenSet session(Duration lifetime) {
		return session(lifetime, Instant.now());
	}

	static TokenSet session(Duration lifetime, Instant now) {
		return TokenSet.withAccessToken(text("access-", ACCESS_LENGTH))
			.refreshToken(text("refresh-", REFRESH_LENGTH))
			.expiresIn(lifetime)
			.obtainedAt(now)
			.build();
	}

	/**
	 * Return a token set as a client grants it itself.
	 */
	static TokenSet ofService(Duration lifetime) {
		return ofService(lifetime, Instant.now());
	}

	static TokenSet ofService(Duration lifetime, Instant now) {
		return TokenSet.withAccessToken(text("access-", ACCESS_LENGTH)).expiresIn(lifetime).obtainedAt(now).build();
	}

	private static String text(String beginning, int length) {
		String text = beginning + number.incrementAndGet() + "-";
		return text + "x".repeat(length - text.length());
	}

}
