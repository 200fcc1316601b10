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
 * @param redeemed the refresh token that it was obtained with, {@code null} if with none
 */
record Unsaved(TokenSet tokens, long expected, @Nullable Lease lease, @Nullable String redeemed) {

	/**
	 * The same, to replace a set of another version, for which the lease does not count.
	 */
	Unsaved at(long version) {
		return new Unsaved(this.tokens, version, (version == this.expected) ? this.lease : null, this.redeemed);
	}

	/**
	 * Tell whether a shared store has to know of it before its refresh token is redeemed.
	 * @param version the version that the store has
	 */
	boolean comesFirst(long version) {
		return this.tokens.refreshToken() != null && version <= this.expected;
	}

	/**
	 * Tell whether a record has what was used up for this set, which is therefore the
	 * only good one, whenever the record was written.
	 */
	boolean succeeds(@Nullable TokenSet record) {
		return record != null && this.redeemed != null && this.redeemed.equals(record.refreshToken())
				&& !this.redeemed.equals(this.tokens.refreshToken());
	}

	/**
	 * Never the tokens.
	 */
	@Override
	public String toString() {
		return "Unsaved[expected=" + this.expected + "]";
	}

}
