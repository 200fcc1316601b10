package io.github.evertoken.lifecycle;

import java.time.Instant;

/**
 * One moment, as both clocks tell it. Durations are measured by the monotonic one, which
 * nobody can set, and which may stand still while the machine is suspended; instants of
 * token sets come from the wall clock, which anybody may correct.
 *
 * @param mono milliseconds of the monotonic clock, of no meaning but to be compared
 * @param wall milliseconds since the epoch
 */
record Moment(long mono, long wall) {

	private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

	private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

	/**
	 * Return what somebody else says, in milliseconds since the epoch. Before the year 0
	 * it is as good as that, and after the year 9999 too, so that no sum of times
	 * overflows and all can be written down.
	 */
	static long wallOf(Instant told) {
		return (told.isBefore(EARLIEST) ? EARLIEST : (told.isAfter(LATEST) ? LATEST : told)).toEpochMilli();
	}

	/**
	 * Return the time of the monotonic clock after a while.
	 */
	long after(long millis) {
		return this.mono + millis;
	}

}
