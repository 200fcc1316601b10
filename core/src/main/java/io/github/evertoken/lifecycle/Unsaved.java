package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenSet;
import io.github.evertoken.store.Lease;
import org.jspecify.annotations.Nullable;

/**
 * A token set that serves from memory while the store is still to be told of it.
 *
 * @param tokens the token set
 * @param expected the version that the store is expected to have: that of the set which
 * this one replaces
 * @param lease with which it was obtained, {@code null} if with none
 */
record Unsaved(TokenSet tokens, long expected, @Nullable Lease lease) {

	Unsaved(TokenSet tokens, long expected) {
		this(tokens, expected, null);
	}

	/**
	 * The same, to replace a set of another version, for which the lease does not count.
	 */
	Unsaved at(long version) {
		return new Unsaved(this.tokens, version, (version == this.expected) ? this.lease : null);
	}

	/**
	 * Never the tokens.
	 */
	@Override
	public String toString() {
		return "Unsaved[expected=" + this.expected + "]";
	}

}
