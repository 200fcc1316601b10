package io.github.evertoken.lifecycle;

import io.github.evertoken.AccessToken;

/**
 * An access token that a key holds, with what the life-cycle has to know of it: its
 * generation, its renewal time, and whether it has been used and accepted.
 *
 * @since 0.1.0
 */
public final class HeldToken {

	private final AccessToken accessToken;

	private final long generation;

	private final long renewalTime;

	private final long expiry;

	// Both only ever change from false to true, so that a race between two callers loses
	// nothing. They are read before they are written: the line of memory stays shared.
	private volatile boolean used;

	private volatile boolean accepted;

	HeldToken(AccessToken accessToken, long generation, long renewalTime) {
		this.accessToken = accessToken;
		this.generation = generation;
		this.renewalTime = renewalTime;
		this.expiry = accessToken.expiresAt().toEpochMilli();
	}

	/**
	 * Return the token as callers get it.
	 * @return the access token
	 */
	public AccessToken accessToken() {
		return this.accessToken;
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

	boolean isFresh(long now) {
		return now < this.renewalTime;
	}

	boolean isUsable(long now) {
		return now < this.expiry;
	}

	long renewalTime() {
		return this.renewalTime;
	}

	long expiry() {
		return this.expiry;
	}

	@Override
	public String toString() {
		return "HeldToken[generation=" + this.generation + ", " + this.accessToken + "]";
	}

}
