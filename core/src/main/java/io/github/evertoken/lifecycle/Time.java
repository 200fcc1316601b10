package io.github.evertoken.lifecycle;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The two clocks. Every call with a usable token asks both, and each of them costs a good
 * part of what such a call costs at all. So the wall clock is looked at once in a
 * millisecond of the monotonic one: a machine that was suspended takes longer than that
 * to wake up.
 */
final class Time {

	private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private final InstantSource wallClock;

	private final LongSupplier nanoTime;

	private final boolean system;

	// What was read last. A moment is immutable, so that whoever sees it sees both.
	private volatile Moment last;

	private Time(InstantSource wallClock, LongSupplier nanoTime, boolean system) {
		this.wallClock = wallClock;
		this.nanoTime = nanoTime;
		this.system = system;
		this.last = now();
	}

	static Time system() {
		return new Time(InstantSource.system(), System::nanoTime, true);
	}

	/**
	 * Return clocks that somebody else moves, and that are asked each time.
	 */
	static Time of(InstantSource wallClock, LongSupplier nanoTime) {
		return new Time(wallClock, nanoTime, false);
	}

	Moment now() {
		return new Moment(mono(), this.wallClock.millis());
	}

	long mono() {
		return this.nanoTime.getAsLong() / NANOS_PER_MILLI;
	}

	long nanos() {
		return this.nanoTime.getAsLong();
	}

	/**
	 * Return the time of the wall clock.
	 * @param mono what {@link #mono()} has just told
	 */
	long wall(long mono) {
		Moment last = this.last;
		if (this.system && last.mono() == mono) {
			return last.wall();
		}
		Moment now = new Moment(mono, this.wallClock.millis());
		this.last = now;
		return now.wall();
	}

}
