package io.github.evertoken.store;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where token sets rest beside the manager's own memory, so that a rotated refresh token
 * survives a restart, and several processes can live on it.
 * <p>
 * Every record has a version, which grows with each change, a removal included. A write
 * says which version it replaces, and changes nothing if the record has another one by
 * then: that is how a late token set never overwrites a newer one, and never brings back
 * what was removed. So a removal leaves a tombstone with a version of its own, at least
 * until no write from before it can arrive any more.
 * <p>
 * A store that cannot be read is not an empty store: what fails must fail, with whatever
 * error, and what takes longer than the client's store time-out counts as failed. No
 * method may block, and each does its work when its {@code Mono} is subscribed. The
 * abstract test class {@code TokenStoreContract} of {@code evertoken-test} shows whether
 * a store keeps to all this.
 * <p>
 * A store without versions is an {@link UnversionedTokenStore}.
 *
 * @since 0.1.0
 */
public interface TokenStore {

	/**
	 * Return the record of a key. It is asked before a refresh token is redeemed, and
	 * when a caller needs a token that the manager does not hold.
	 * @param key the key
	 * @return a {@code Mono} with the record, which is a tombstone if it was removed, or
	 * empty if there has never been one; an error if that cannot be said
	 */
	Mono<StoredTokenSet> load(TokenKey key);

	/**
	 * Keep a token set in place of the record that has the expected version.
	 * @param key the key
	 * @param expected the version of the record to replace, 0 if there must be none
	 * @param tokenSet the token set, with the instant at which it was obtained; its
	 * generation is of no meaning here
	 * @return a {@code Mono} with the new version when the token set is safe, or with the
	 * record that is there instead of the expected one; an error if neither is known
	 */
	Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet);

	/**
	 * Forget the token set of a key, whatever its version, and leave a tombstone.
	 * @param key the key
	 * @return a {@code Mono} with the version of the tombstone when the token set is
	 * forgotten
	 */
	Mono<Long> remove(TokenKey key);

	/**
	 * Return what somebody else changes. It is a hint that may come late, twice or not at
	 * all; reading tells the truth.
	 * @return a hot {@code Flux}, which never ends by default and is silent
	 */
	default Flux<StoreChange> changes() {
		return Flux.never();
	}

	/**
	 * Return the default store: the manager's own memory and nothing beside it.
	 * @return a store that keeps nothing of its own and therefore costs nothing
	 */
	static TokenStore inMemory() {
		return InMemoryTokenStore.INSTANCE;
	}

}
