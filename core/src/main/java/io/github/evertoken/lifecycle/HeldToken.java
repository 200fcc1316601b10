package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.AccessToken;

/**
 * An access token that a key holds, with what the life-cycle has to know of it: its
 * generation, its renewal time, and whether it has been used and accepted.
 *
 * @since 0.1.0
 */
public final class HeldToken extends AccessToken {

	// There may be very many of it: it is an access token and has none, and no field is
	// wider than it must be. The lead of the renewal is a float, which is exact to the
	// millisecond up to 4 hours and to a ten millionth beyond.

	/**
	 * A lead by which any token is due, and with which no time overflows.
	 */
	private static final long ALWAYS = Long.MAX_VALUE / 2;

	private final long generation;

	// Wall clock minus monotonic clock when the token came: with it, both clocks tell
	// from one pair of times whether the token is valid, whichever of them has jumped
	// since (LC-11).
	private final long wallMinusMono;

	private final float renewalLead;

	// These only ever change from false to true, so that a race between two callers loses
	// nothing. They are read before they are written: the line of memory stays shared.
	private volatile boolean used;

	private volatile boolean accepted;

	private boolean foundTooShort;

	private byte scopeNumber;

	/**
	 * Hold a token.
	 * @param type the token type
	 * @param value the token itself
	 * @param obtainedAt when its life began
	 * @param expiresAt when its life ends
	 * @param generation the generation of the token set that it came with
	 * @param renewalLead how many milliseconds before its end it is to be renewed
	 * @param wallMinusMono wall clock minus monotonic clock, now, in milliseconds
	 */
	HeldToken(String type, String value, Instant obtainedAt, Instant expiresAt, long generation, long renewalLead,
			long wallMinusMono) {
		super(type, value, obtainedAt, expiresAt);
		this.generation = generation;
		this.renewalLead = renewalLead;
		this.wallMinusMono = wallMinusMono;
	}

	/**
	 * Return the same token as one that is due for renewal at once: what a suspect is
	 * that serves again.
	 */
	HeldToken due() {
		HeldToken due = new HeldToken(tokenType(), value(), obtainedAt(), expiresAt(), this.generation, ALWAYS,
				this.wallMinusMono);
		due.used = this.used;
		due.accepted = this.accepted;
		due.scopeNumber = this.scopeNumber;
		return due;
	}

	/**
	 * Return the token as callers get it.
	 * @return the access token
	 */
	public AccessToken accessToken() {
		return this;
	}

	/**
	 * Return the generation of the token set that it came with: the version that a store
	 * gave it, or the number of token sets that the key has held.
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

	/**
	 * Tell whether any resource server has accepted the token.
	 * @return whether one has
	 */
	public boolean wasAccepted() {
		return this.accepted;
	}

	/**
	 * Know what was granted with it, before anybody else knows of it.
	 * @param scopeNumber which of the {@link ScopeNumbers}
	 */
	HeldToken withScope(byte scopeNumber) {
		this.scopeNumber = scopeNumber;
		return this;
	}

	byte scopeNumber() {
		return this.scopeNumber;
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
	 * Tell whether the token lasts at least until the given time of the monotonic clock.
	 */
	boolean lastsUntil(long mono) {
		return mono + this.wallMinusMono <= expiry();
	}

	/**
	 * Return how long the token lives in all: what is to be expected of the next one.
	 */
	long lifetimeMillis() {
		return expiry() - obtainedAt().toEpochMilli();
	}

	/**
	 * Return for how long the token has been held.
	 */
	long age(Moment now) {
		return latest(now) - obtainedAt().toEpochMilli();
	}

	/**
	 * Return how long the token is valid still, not positive if it is no more.
	 */
	Duration remaining(Moment now) {
		return Duration.ofMillis(expiry() - latest(now));
	}

	/**
	 * Return how long it is until the renewal time, not positive if that has come.
	 */
	long untilRenewal(Moment now) {
		return renewalTime() - latest(now);
	}

	/**
	 * Return the time now, by whichever clock says that it is later.
	 */
	private long latest(Moment now) {
		return Math.max(now.wall(), now.mono() + this.wallMinusMono);
	}

	/**
	 * Tell whether this is the first time that the token is found too short.
	 */
	synchronized boolean isFirstFoundTooShort() {
		boolean first = !this.foundTooShort;
		this.foundTooShort = true;
		return first;
	}

	boolean isFresh(Moment now) {
		return isFresh(now.mono(), now.wall());
	}

	boolean isFresh(long mono, long wall) {
		long renewalTime = renewalTime();
		return wall < renewalTime && mono + this.wallMinusMono < renewalTime;
	}

	boolean isUsable(Moment now) {
		return isUsable(now.mono(), now.wall());
	}

	boolean isUsable(long mono, long wall) {
		long expiry = expiry();
		return wall < expiry && mono + this.wallMinusMono < expiry;
	}

	/**
	 * Return the renewal time, in milliseconds since the epoch.
	 */
	long renewalTime() {
		return expiry() - (long) this.renewalLead;
	}

	private long expiry() {
		return expiresAt().toEpochMilli();
	}

	@Override
	public String toString() {
		return "HeldToken[generation=" + this.generation + ", " + super.toString() + "]";
	}

}
