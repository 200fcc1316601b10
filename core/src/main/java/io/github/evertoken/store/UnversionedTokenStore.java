package io.github.evertoken.store;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Mono;

/**
 * A store that keeps token sets and no versions. It serves one process alone, for which
 * {@link #versioned()} counts the changes; token sets are safe in it over a restart. No
 * method may block, and what fails must fail.
 * <p>
 * Without a version, a write cannot say what it means to replace: the last one to land
 * has the last word. So the writes of a key are made one after another, and one that is
 * given up on, because it takes longer than the client's store time-out, is not cancelled
 * but waited for. A later {@code put}, {@code remove} or {@code revoke} of the key fails
 * rather than overtake it, and can be repeated when it has ended. For this to hold, a
 * write must have an end, with an error if need be, and must not take effect after it: a
 * driver that gives a command up must know that the command was not sent, or close the
 * connection on which it was. What such a store cannot give, one with versions can, see
 * {@link TokenStore}: nothing lands late there, and several processes can live on it.
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
	 * @return a {@code Mono} that completes when the token set is safe; it is not
	 * cancelled, and nothing else is written for the key until it has ended
	 */
	Mono<Void> save(TokenKey key, TokenSet tokenSet);

	/**
	 * Forget the token set of a key, if there is one.
	 * @param key the key
	 * @return a {@code Mono} that completes when it is forgotten; it is not cancelled,
	 * and nothing else is written for the key until it has ended
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
