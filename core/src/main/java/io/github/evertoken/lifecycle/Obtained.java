package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has brought.
 *
 * @param tokens the token set, with an access token, the instant at which it was
 * obtained, and the refresh token to go on with
 * @param version the version that a store gave it, 0 if there is none
 * @param issued whether the issuer has answered for it, and not the store
 * @param unsaved what the store is still to be told, {@code null} if nothing
 * @param loan the loan with which it was made, {@code null} if with none
 */
record Obtained(TokenSet tokens, long version, boolean issued, @Nullable Unsaved unsaved, @Nullable Loan loan) {

	private static final long NOWHERE = -1;

	Obtained(TokenSet tokens, long version, boolean issued, @Nullable Unsaved unsaved) {
		this(tokens, version, issued, unsaved, null);
	}

	/**
	 * The same, brought by an attempt with a loan: a flight may have two attempts in the
	 * air, each with a loan of its own, and what one brings is none of the other's.
	 */
	Obtained with(Loan loan) {
		return new Obtained(this.tokens, this.version, this.issued, this.unsaved, loan);
	}

	/**
	 * A set that rests in no store, nor will.
	 */
	static Obtained restingNowhere(TokenSet tokens) {
		return new Obtained(tokens, NOWHERE, true, null);
	}

	/**
	 * Return what the store is to be told that is known to have the given version.
	 */
	@Nullable Unsaved unsavedAt(long version) {
		return (this.unsaved != null) ? this.unsaved.at(version) : null;
	}

	boolean restsNowhere() {
		return this.version == NOWHERE;
	}

	/**
	 * Never the tokens.
	 */
	@Override
	public String toString() {
		return "Obtained[version=" + this.version + ", issued=" + this.issued + "]";
	}

}
