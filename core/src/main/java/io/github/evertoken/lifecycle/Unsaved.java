package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenSet;

/**
 * A token set that serves from memory while the store is still to be told of it.
 *
 * @param tokens the token set
 * @param expected the version that the store is expected to have: that of the set which
 * this one replaces
 */
record Unsaved(TokenSet tokens, long expected) {

	/**
	 * Never the tokens.
	 */
	@Override
	public String toString() {
		return "Unsaved[expected=" + this.expected + "]";
	}

}
