package io.github.evertoken.lifecycle;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.TokenKey;

/**
 * Which keys of one client's subjects are varied by parameters: they borrow the refresh
 * token of their subject's own key, and begin anew with it.
 */
final class VariedKeys {

	// A key comes in and goes in the atomic section of the registry for that key, so that
	// one is known here for as long as it has a life-cycle.

	private final ConcurrentHashMap<TokenKey, Set<TokenKey>> known = new ConcurrentHashMap<>();

	/**
	 * Tell whether a key is a subject's, and varied by parameters. What is exchanged for
	 * a subject token needs no refresh token of another key.
	 */
	static boolean isVaried(TokenKey key) {
		return key.subject() != null && key.subjectToken() == null && !key.parameters().isEmpty();
	}

	/**
	 * Return the key of the same subject that nothing varies.
	 */
	static TokenKey ownKey(TokenKey key) {
		return TokenKey.of(key.client(), key.subject());
	}

	void began(TokenKey key) {
		if (isVaried(key)) {
			this.known.compute(ownKey(key), (own, keys) -> {
				Set<TokenKey> all = (keys != null) ? keys : ConcurrentHashMap.newKeySet(1);
				all.add(key);
				return all;
			});
		}
	}

	/**
	 * A key may have learnt its subject token since it began, and is the same all the
	 * same.
	 */
	void ended(TokenKey key) {
		TokenKey begun = key.withoutSubjectToken();
		if (isVaried(begun)) {
			this.known.computeIfPresent(ownKey(begun), (own, keys) -> {
				keys.remove(begun);
				return keys.isEmpty() ? null : keys;
			});
		}
	}

	/**
	 * Return the varied keys of a subject's own key.
	 */
	List<TokenKey> of(TokenKey own) {
		Set<TokenKey> keys = this.known.get(own);
		return (keys != null) ? List.copyOf(keys) : List.of();
	}

}
