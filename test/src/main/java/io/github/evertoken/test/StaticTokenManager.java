package io.github.evertoken.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A {@link TokenManager} whose tokens nobody has issued, for tests that are about
 * something else. The bearer token of client {@code inventory} is
 * {@code inventory-token}, on behalf of {@code alice} it is
 * {@code inventory-token-of-alice}. When a token is rejected, the next one has {@code -2}
 * at its end, then {@code -3}, so that a second attempt can be told from the first.
 * <p>
 * It knows any client, and every token lasts for as long as it is asked to. It is
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class StaticTokenManager implements TokenManager {

	private static final Duration LIFETIME = Duration.ofDays(365);

	private final Map<String, String> used = new HashMap<>();

	private final Map<TokenKey, String> tokens = new HashMap<>();

	private final Map<TokenKey, Integer> generations = new HashMap<>();

	private final List<TokenKey> rejected = new ArrayList<>();

	/**
	 * Set the token of a client and of all its subjects, whatever they had before and
	 * whatever of it was rejected.
	 * @param client the client's name
	 * @param token the value
	 */
	public synchronized void use(String client, String token) {
		this.used.put(client, Objects.requireNonNull(token, "token"));
		this.tokens.keySet().removeIf((key) -> key.client().equals(client));
		this.generations.keySet().removeIf((key) -> key.client().equals(client));
	}

	private synchronized void set(TokenKey key, String token) {
		this.generations.remove(key);
		this.tokens.put(key.withoutSubjectToken(), token);
	}

	/**
	 * Return whose tokens were rejected.
	 * @return the key of each rejection, in their order
	 */
	public synchronized List<TokenKey> rejected() {
		return List.copyOf(this.rejected);
	}

	/**
	 * Begin anew: no token was set or rejected.
	 */
	public synchronized void reset() {
		this.used.clear();
		this.tokens.clear();
		this.generations.clear();
		this.rejected.clear();
	}

	@Override
	public Mono<AccessToken> token(TokenKey key) {
		return Mono.fromSupplier(() -> {
			Instant now = Instant.now();
			return new AccessToken("Bearer", value(key), now, now.plus(LIFETIME));
		});
	}

	private synchronized String value(TokenKey key) {
		int generation = this.generations.getOrDefault(key, 1);
		return first(key) + ((generation > 1) ? "-" + generation : "");
	}

	private String first(TokenKey key) {
		String own = this.tokens.get(key);
		String ofClient = this.used.get(key.client());
		if (own != null || ofClient != null) {
			return (own != null) ? own : Objects.requireNonNull(ofClient);
		}
		// A subject may be what no header can have in it.
		String subject = (key.subject() != null) ? "-of-" + key.subject().replaceAll("[^\\w.~+/-]", "_") : "";
		return key.client() + "-token" + subject;
	}

	@Override
	public <T> Mono<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Mono<T> work) {
		return work;
	}

	@Override
	public <T> Flux<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Flux<T> work) {
		return work;
	}

	@Override
	public synchronized boolean reject(TokenKey key, AccessToken token) {
		TokenKey known = key.withoutSubjectToken();
		this.rejected.add(known);
		if (token.value().equals(value(key))) {
			this.generations.merge(known, 2, (before, two) -> before + 1);
		}
		return true;
	}

	@Override
	public Mono<Void> put(TokenKey key, TokenSet tokenSet) {
		return Mono.fromRunnable(() -> {
			String accessToken = tokenSet.accessToken();
			if (accessToken != null) {
				set(key, accessToken);
			}
		});
	}

	@Override
	public Mono<Void> remove(TokenKey key) {
		return Mono.fromRunnable(() -> forget(key));
	}

	@Override
	public Mono<Void> revoke(TokenKey key) {
		return remove(key);
	}

	private synchronized void forget(TokenKey key) {
		this.tokens.remove(key);
		this.generations.remove(key);
		if (key.equals(TokenKey.of(key.client()))) {
			this.used.remove(key.client());
		}
	}

	@Override
	public Flux<TokenEvent> events() {
		return Flux.never();
	}

	@Override
	public String toString() {
		return "StaticTokenManager";
	}

}
