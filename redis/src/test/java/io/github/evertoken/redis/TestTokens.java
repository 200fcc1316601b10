package io.github.evertoken.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;

/**
 * What tests of a store do again and again, and the token sets that they do it with.
 */
final class TestTokens {

	static final Duration LIMIT = Duration.ofSeconds(30);

	private static final AtomicInteger number = new AtomicInteger();

	private TestTokens() {
	}

	static TokenKey newKey() {
		return TokenKey.of("inventory", "alice-" + System.nanoTime() + "-" + number.incrementAndGet());
	}

	static TokenSet session(String name) {
		return tokens(name).refreshToken("refresh-" + name).build();
	}

	static TokenSet.Builder tokens(String name) {
		return TokenSet.withAccessToken(name).expiresIn(Duration.ofMinutes(5)).obtainedAt(Instant.now());
	}

	static long save(SharedTokenStore store, TokenKey key, long expected, TokenSet tokens) {
		SaveResult result = store.save(key, expected, tokens).block(LIMIT);
		if (result == null || !result.isSaved()) {
			throw new AssertionError("It is not saved, but: " + result);
		}
		return result.version();
	}

	static @Nullable StoredTokenSet load(SharedTokenStore store, TokenKey key) {
		return store.load(key).block(LIMIT);
	}

	static @Nullable String accessToken(SharedTokenStore store, TokenKey key) {
		StoredTokenSet stored = load(store, key);
		TokenSet tokens = (stored != null) ? stored.tokenSet() : null;
		return (tokens != null) ? tokens.accessToken() : null;
	}

	static Claim claim(SharedTokenStore store, TokenKey key, ClaimRequest request) {
		Claim claim = store.claim(key, request).block(LIMIT);
		if (claim == null) {
			throw new AssertionError("There is no answer");
		}
		return claim;
	}

	static Claim.Won won(SharedTokenStore store, TokenKey key) {
		return won(store, key, ClaimRequest.create());
	}

	static Claim.Won won(SharedTokenStore store, TokenKey key, ClaimRequest request) {
		return (Claim.Won) claim(store, key, request);
	}

}
