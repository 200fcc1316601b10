package io.github.evertoken.faults;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A wall clock that somebody sets, again and again.
 */
final class JumpingClock implements InstantSource {

	private volatile Duration offset = Duration.ZERO;

	private volatile int jumps;

	@Override
	public Instant instant() {
		return Instant.now().plus(this.offset);
	}

	/**
	 * Set the clock, by one thread at a time.
	 * @param offset how much it is ahead of the right time from now on
	 */
	void jump(Duration offset) {
		this.offset = offset;
		this.jumps = this.jumps + 1;
	}

	int jumps() {
		return this.jumps;
	}

}
