package io.github.evertoken.test.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * A time that passes when the test says so.
 */
final class MovedTime implements InstantSource {

	private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

	@Override
	public Instant instant() {
		return this.now;
	}

	void pass(Duration duration) {
		this.now = this.now.plus(duration);
	}

}
