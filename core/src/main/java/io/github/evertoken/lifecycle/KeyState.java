package io.github.evertoken.lifecycle;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * All that is true of one key at one moment. Every change makes a new state, by one of
 * the transitions below, each of which is a plain function without a side effect.
 *
 * @param held the token that callers are given while it is usable; {@code null} if the
 * key is empty, was signed out, or had its token rejected
 * @param refreshToken the refresh token for the next flight, {@code null} if none
 * @param generation how many token sets the key has held
 * @param flight the running call to the issuer, {@code null} if none
 * @param setbacks what has gone wrong lately
 */
record KeyState(@Nullable HeldToken held, @Nullable String refreshToken, int generation, @Nullable Flight flight,
		Setbacks setbacks) {

	static final KeyState EMPTY = empty(null);

	/**
	 * The last state, after which nothing changes any more. All keys share it.
	 */
	static final KeyState CLOSED = empty(null);

	/**
	 * The first state: empty, save for the refresh token that the configuration may give.
	 */
	static KeyState empty(@Nullable String refreshToken) {
		return new KeyState(null, refreshToken, 0, null, Setbacks.NONE);
	}

	/**
	 * A flight starts: from empty, due, expired or rejected.
	 */
	KeyState tookOff(Flight flight) {
		return new KeyState(this.held, this.refreshToken, this.generation, flight, this.setbacks);
	}

	/**
	 * The flight brought a token set: fresh.
	 */
	KeyState landed(HeldToken held, @Nullable String refreshToken) {
		return new KeyState(held, refreshToken, this.generation + 1, null, this.setbacks.landed());
	}

	/**
	 * The flight failed for now: cooling down, with the token that is held while it is
	 * usable.
	 */
	KeyState failed(Cooldown cooldown, @Nullable String refreshToken) {
		return new KeyState(this.held, refreshToken, this.generation, null, this.setbacks.failed(cooldown));
	}

	/**
	 * The last usable grant was refused: signed out. A token that is still held serves
	 * until it expires or is rejected.
	 */
	KeyState signedOut(ReauthenticationRequiredException reason) {
		return new KeyState(this.held, null, this.generation, null, this.setbacks.signedOut(reason));
	}

	/**
	 * A token set was put in from outside: fresh, or empty if it has a refresh token
	 * alone. A running flight is left to itself: what it brings belongs to the token set
	 * that was replaced.
	 */
	KeyState put(@Nullable HeldToken held, @Nullable String refreshToken) {
		return new KeyState(held, refreshToken, this.generation + 1, null, Setbacks.NONE);
	}

	/**
	 * The key was signed out by the application: empty.
	 */
	KeyState removed() {
		return new KeyState(null, null, this.generation, null, Setbacks.NONE);
	}

	/**
	 * The token that is held was refused by a resource server and is to be replaced:
	 * rejected. The refresh token stays.
	 */
	KeyState rejected(Rejections rejections) {
		return new KeyState(null, this.refreshToken, this.generation, this.flight, this.setbacks.rejected(rejections));
	}

	/**
	 * The token that is held was refused once too often: it stays, and its 401s pass on.
	 */
	KeyState barred(Rejections rejections) {
		return new KeyState(this.held, this.refreshToken, this.generation, this.flight,
				this.setbacks.rejected(rejections));
	}

	/**
	 * A lease was opened: nothing changes but that this is another state.
	 */
	KeyState leased() {
		return new KeyState(this.held, this.refreshToken, this.generation, this.flight, this.setbacks);
	}

	/**
	 * Whether the life-cycle has ended, with an eviction or with the manager.
	 */
	boolean closed() {
		return this == CLOSED;
	}

	Cooldown cooldown() {
		return this.setbacks.cooldown();
	}

	/**
	 * Return why somebody must log in again, {@code null} if nobody must.
	 */
	@Nullable ReauthenticationRequiredException signedOut() {
		return this.setbacks.signedOut();
	}

	Rejections rejections() {
		return this.setbacks.rejections();
	}

	/**
	 * Whether a flight may start now.
	 */
	boolean mayTakeOff(long now) {
		return this.flight == null && signedOut() == null && !closed() && !cooldown().lasts(now);
	}

	boolean holdsAny() {
		return this.held != null || this.refreshToken != null;
	}

	/**
	 * Return what is held as a token set, {@code null} if nothing is.
	 */
	@Nullable TokenSet tokens() {
		if (this.held != null) {
			return TokenSet.withAccessToken(this.held.accessToken().value()).refreshToken(this.refreshToken).build();
		}
		return (this.refreshToken != null) ? TokenSet.withRefreshToken(this.refreshToken).build() : null;
	}

	boolean holdsUsable(long now) {
		return this.held != null && this.held.isUsable(now);
	}

	/**
	 * Never the tokens.
	 */
	@Override
	public String toString() {
		return "KeyState[held=" + this.held + ", generation=" + this.generation + ", flight=" + (this.flight != null)
				+ ", cooldownEnd=" + cooldown().end() + ", signedOut=" + (signedOut() != null) + ", rejections="
				+ rejections() + ", closed=" + closed() + "]";
	}

}
