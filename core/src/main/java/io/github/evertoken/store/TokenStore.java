package io.github.evertoken.store;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;

/**
 * Where token sets rest beside the manager's own memory, so that a rotated refresh token
 * survives a restart.
 * <p>
 * A new token set is saved before any caller gets its access token. A store that fails or
 * takes longer than the client's response time-out is warned of in the log and does not
 * fail the callers: the manager's memory goes on. No method may block.
 *
 * @since 0.1.0
 */
public interface TokenStore {

	/**
	 * Return the token set that rests for a key. It is asked when the manager holds none
	 * and a caller needs one.
	 * @param key the key
	 * @return a {@code Mono} with the token set, or empty if there is none
	 */
	Mono<TokenSet> load(TokenKey key);

	/**
	 * Keep a token set in place of whatever rests for the key.
	 * @param key the key
	 * @param tokenSet the token set, with the instant at which it was obtained
	 * @return a {@code Mono} that completes when the token set is safe
	 */
	Mono<Void> save(TokenKey key, TokenSet tokenSet);

	/**
	 * Forget the token set of a key, if there is one.
	 * @param key the key
	 * @return a {@code Mono} that completes when it is forgotten
	 */
	Mono<Void> remove(TokenKey key);

	/**
	 * Return the default store: the manager's own memory and nothing beside it.
	 * @return a store that keeps nothing of its own and therefore costs nothing
	 */
	static TokenStore inMemory() {
		return InMemoryTokenStore.INSTANCE;
	}

}
