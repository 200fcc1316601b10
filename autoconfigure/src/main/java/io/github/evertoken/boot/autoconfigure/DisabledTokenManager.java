package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The token manager of an application in which Evertoken is switched off. Whoever asks it
 * for a token is told so. What only tells it something goes on as if it listened: a login
 * does not fail, and a token that it never gave is not worth another try.
 */
final class DisabledTokenManager implements TokenManager {

	@Override
	public Mono<AccessToken> token(TokenKey key) {
		return Mono.error(() -> failure(key));
	}

	@Override
	public <T> Mono<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Mono<T> work) {
		return Mono.error(() -> failure(key));
	}

	@Override
	public <T> Flux<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Flux<T> work) {
		return Flux.error(() -> failure(key));
	}

	private static TokenRefusedException failure(TokenKey key) {
		return new TokenRefusedException(key, "Evertoken is switched off: evertoken.enabled is 'false'."
				+ " Set it to 'true', or declare a TokenManager bean of your own", null, null, null);
	}

	@Override
	public boolean reject(TokenKey key, AccessToken token) {
		return false;
	}

	@Override
	public Mono<Void> put(TokenKey key, TokenSet tokenSet) {
		return Mono.empty();
	}

	@Override
	public Mono<Void> remove(TokenKey key) {
		return Mono.empty();
	}

	@Override
	public Mono<Void> revoke(TokenKey key) {
		return Mono.empty();
	}

	@Override
	public Flux<TokenEvent> events() {
		return Flux.never();
	}

	@Override
	public String toString() {
		return "DisabledTokenManager[evertoken.enabled=false]";
	}

}
