package io.github.evertoken.store;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;

/**
 * A store that keeps token sets and no versions. It serves one process alone, for which
 * {@link #versioned()} counts the changes; token sets are safe in it over a restart. No
 * method may block, and what fails must fail.
 *
 * @since 0.1.0
 */
public interface UnversionedTokenStore {

	/**
	 * Return the token set that rests for a key.
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
	 * Return this store with versions that are counted in memory.
	 * @return the store as a manager needs it, of which one is to be used at a time
	 */
	default TokenStore versioned() {
		return new CountingTokenStore(this);
	}

}
