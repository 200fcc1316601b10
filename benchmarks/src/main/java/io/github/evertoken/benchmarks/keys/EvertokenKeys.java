package io.github.evertoken.benchmarks.keys;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import reactor.core.publisher.Mono;

/**
 * Evertoken, asked as its filter asks it for the token of a subject: the whole life-cycle
 * of a key. It keeps all of them, as the others do.
 */
final class EvertokenKeys implements KeyHolder {

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings
			.of(CLIENT, (request) -> Mono.error(new IllegalStateException("No token has to be obtained")))
			.maximumSubjects(Integer.MAX_VALUE)
			.build())
		.build();

	@Override
	public void put(String subject, String token, Instant issuedAt, Instant expiresAt) {
		this.manager
			.put(TokenKey.of(CLIENT, subject),
					TokenSet.withAccessToken(token)
						.obtainedAt(issuedAt)
						.expiresIn(Duration.between(issuedAt, expiresAt))
						.build())
			.block();
	}

	@Override
	public boolean isUsable(String subject) {
		return this.manager.lifecycle(TokenKey.of(CLIENT, subject)).usable() != null;
	}

}
