package io.github.evertoken.lifecycle;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * All that is true of one key at one moment. What happens to a key is a {@link KeyEvent};
 * the answer is the next state and what is to be done about it. The table of all answers
 * is {@code docs/lifecycle.md}.
 *
 * @param held the token that callers are given while it is usable; {@code null} if the
 * key is empty, was signed out, or has a suspect that is out of use
 * @param refreshToken the refresh token for the next flight, {@code null} if none
 * @param generation the version of the token set that the key has, or has had
 * @param conditions what is true beside that
 */
record KeyState(@Nullable HeldToken held, @Nullable String refreshToken, long generation, Conditions conditions) {

	static final KeyState EMPTY = empty(null);

	/**
	 * The last state, after which nothing changes any more. All keys share it.
	 */
	static final KeyState CLOSED = empty(null);

	/**
	 * The first state: empty, save for the refresh token that the configuration may give.
	 */
	static KeyState empty(@Nullable String refreshToken) {
		return new KeyState(null, refreshToken, 0, Conditions.NONE);
	}

	/**
	 * Answer an event. This is a plain function: it has no side effect, and whoever loses
	 * the race to swap its answer in asks again.
	 */
	Transition on(KeyEvent event, Moment now) {
		return closed() ? Transition.stay(this) : event.on(this, now);
	}

	KeyPhase phase(Moment now) {
		if (closed()) {
			return KeyPhase.CLOSED;
		}
		if (signedOut() != null) {
			return KeyPhase.SIGNED_OUT;
		}
		HeldToken suspect = this.conditions.suspect();
		if (suspect != null) {
			return suspect.isUsable(now) ? KeyPhase.SUSPECT : KeyPhase.EXPIRED;
		}
		if (this.held == null) {
			return KeyPhase.EMPTY;
		}
		if (!this.held.isUsable(now)) {
			return KeyPhase.EXPIRED;
		}
		return this.held.isFresh(now) ? KeyPhase.FRESH : KeyPhase.DUE;
	}

	KeyState with(Conditions conditions) {
		return new KeyState(this.held, this.refreshToken, this.generation, conditions);
	}

	/**
	 * The same, without the token that callers are given.
	 */
	KeyState outOfUse(Conditions conditions) {
		return new KeyState(null, this.refreshToken, this.generation, conditions);
	}

	/**
	 * Return the version that the store is known to have: the generation, unless that is
	 * a guess because the store is still to be told.
	 */
	long version() {
		Unsaved unsaved = this.conditions.unsaved();
		return (unsaved != null) ? unsaved.expected() : this.generation;
	}

	boolean closed() {
		return this == CLOSED;
	}

	@Nullable Flight flight() {
		return this.conditions.flight();
	}

	Cooldown cooldown() {
		return this.conditions.cooldown();
	}

	/**
	 * Return why somebody must log in again, {@code null} if nobody must.
	 */
	@Nullable ReauthenticationRequiredException signedOut() {
		return this.conditions.signedOut();
	}

	/**
	 * Return the life of the refresh token, {@code null} if there is none or its end is
	 * not known.
	 */
	@Nullable Session session() {
		return (this.refreshToken != null) ? this.conditions.session() : null;
	}

	Rejections rejections() {
		return this.conditions.rejections();
	}

	/**
	 * Whether the token that is held is a suspect that serves again.
	 */
	boolean servesSuspect() {
		return this.held != null && this.conditions.suspect() == this.held;
	}

	/**
	 * Return the flight, {@code null} if there is none or its deadline has passed: the
	 * key heals by itself, whatever has kept that flight from ending (LC-1).
	 */
	@Nullable Flight flight(Moment now) {
		Flight flight = flight();
		return (flight != null && !flight.isOverdue(now)) ? flight : null;
	}

	boolean holdsAny() {
		return this.held != null || this.refreshToken != null || this.conditions.suspect() != null;
	}

	/**
	 * Return what is held as a token set, {@code null} if nothing is.
	 */
	@Nullable TokenSet tokens() {
		HeldToken token = (this.held != null) ? this.held : this.conditions.suspect();
		if (token != null) {
			return TokenSet.withAccessToken(token.value()).refreshToken(this.refreshToken).build();
		}
		return (this.refreshToken != null) ? TokenSet.withRefreshToken(this.refreshToken).build() : null;
	}

	boolean holdsUsable(Moment now) {
		return this.held != null && this.held.isUsable(now);
	}

	/**
	 * Tell whether callers have a token still if none can be had for now: the one that is
	 * held, or a suspect that serves again.
	 */
	boolean servesOn(Moment now) {
		HeldToken suspect = this.conditions.suspect();
		return holdsUsable(now) || (suspect != null && suspect.wasAccepted() && suspect.isUsable(now));
	}

	/**
	 * Tell whether there has been a token since the key began, or began anew.
	 */
	boolean hasHadToken() {
		return this.held != null || this.conditions.suspect() != null || rejections() != Rejections.NONE;
	}

	/**
	 * Never the tokens.
	 */
	@Override
	public String toString() {
		return "KeyState[held=" + this.held + ", generation=" + this.generation + ", flight=" + (flight() != null)
				+ ", cooldownEnd=" + cooldown().end() + ", signedOut=" + (signedOut() != null) + ", rejections="
				+ rejections() + ", closed=" + closed() + "]";
	}

}
