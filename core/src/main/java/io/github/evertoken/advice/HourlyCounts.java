package io.github.evertoken.advice;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts what has occurred in the last hour, to the minute. Not thread-safe.
 */
final class HourlyCounts {

	private static final int MINUTES = 60;

	private static final long NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

	private final Map<Occurrence, int[]> counts = new EnumMap<>(Occurrence.class);

	private long minute;

	/**
	 * Begin to count.
	 * @param nanos the time now, by a monotonic clock
	 */
	HourlyCounts(long nanos) {
		this.minute = minute(nanos);
	}

	void add(Occurrence occurrence, long nanos) {
		pass(nanos);
		this.counts.computeIfAbsent(occurrence, (any) -> new int[MINUTES])[index(this.minute)]++;
	}

	Map<Occurrence, Integer> sums(long nanos) {
		pass(nanos);
		Map<Occurrence, Integer> sums = new EnumMap<>(Occurrence.class);
		this.counts.forEach((occurrence, minutes) -> {
			int sum = 0;
			for (int count : minutes) {
				sum += count;
			}
			sums.put(occurrence, sum);
		});
		return sums;
	}

	/**
	 * The minutes that have come since then take the places of those an hour ago.
	 */
	private void pass(long nanos) {
		long now = minute(nanos);
		for (long passed = Math.max(this.minute + 1, now - MINUTES + 1); passed <= now; passed++) {
			int index = index(passed);
			this.counts.values().forEach((minutes) -> minutes[index] = 0);
		}
		this.minute = Math.max(this.minute, now);
	}

	private static long minute(long nanos) {
		return Math.floorDiv(nanos, NANOS_PER_MINUTE);
	}

	private static int index(long minute) {
		return Math.floorMod(minute, MINUTES);
	}

}
