package io.github.evertoken.lifecycle;

import java.time.Instant;

import io.github.evertoken.AccessToken;

/**
 * An access token that a key holds, with what the life-cycle has to know of it: its
 * generation, its renewal time, and whether it has been used and accepted.
 *
 * @since 0.1.0
 */
public final class HeldToken extends AccessToken {

	// There may be very many of it: it is an access token and has none.

	private final long renewalTime;

	private final int generation;

	// Both only ever change from false to true, so that a race between two callers loses
	// nothing. They are read before they are written: the line of memory stays shared.
	private volatile boolean used;

	private volatile boolean accepted;

	private boolean foundTooShort;

	HeldToken(String type, String value, Instant obtainedAt, Instant expiresAt, int generation, long renewalTime) {
		super(type, value, obtainedAt, expiresAt);
		this.generation = generation;
		this.renewalTime = renewalTime;
	}

	/**
	 * Return the token as callers get it.
	 * @return the access token
	 */
	public AccessToken accessToken() {
		return this;
	}

	/**
	 * Return the generation of the token set that it came with.
	 * @return the generation, 1 or more
	 */
	public long generation() {
		return this.generation;
	}

	/**
	 * Tell that a resource server accepted the token.
	 */
	public void accepted() {
		if (!this.accepted) {
			this.accepted = true;
		}
	}

	boolean wasAccepted() {
		return this.accepted;
	}

	HeldToken use() {
		if (!this.used) {
			this.used = true;
		}
		return this;
	}

	boolean wasUsed() {
		return this.used;
	}

	/**
	 * Tell whether the token lasts at least until the given time.
	 */
	boolean lastsUntil(long time) {
		return time <= expiry();
	}

	/**
	 * Return how long the token lives in all: what is to be expected of the next one.
	 */
	long lifetimeMillis() {
		return lifetime().toMillis();
	}

	/**
	 * Return for how long the token has been held.
	 */
	long age(long now) {
		return now - obtainedAt().toEpochMilli();
	}

	/**
	 * Tell whether this is the first time that the token is found too short.
	 */
	synchronized boolean isFirstFoundTooShort() {
		boolean first = !this.foundTooShort;
		this.foundTooShort = true;
		return first;
	}

	boolean isFresh(long now) {
		return now < this.renewalTime;
	}

	boolean isUsable(long now) {
		return now < expiry();
	}

	long renewalTime() {
		return this.renewalTime;
	}

	long expiry() {
		return expiresAt().toEpochMilli();
	}

	@Override
	public String toString() {
		return "HeldToken[generation=" + this.generation + ", " + super.toString() + "]";
	}

}
