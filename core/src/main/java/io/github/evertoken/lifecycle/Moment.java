package io.github.evertoken.lifecycle;

/**
 * One moment, as both clocks tell it. Durations are measured by the monotonic one, which
 * nobody can set, and which may stand still while the machine is suspended; instants of
 * token sets come from the wall clock, which anybody may correct.
 *
 * @param mono milliseconds of the monotonic clock, of no meaning but to be compared
 * @param wall milliseconds since the epoch
 */
record Moment(long mono, long wall) {

	/**
	 * Return the time of the monotonic clock after a while.
	 */
	long after(long millis) {
		return this.mono + millis;
	}

}
