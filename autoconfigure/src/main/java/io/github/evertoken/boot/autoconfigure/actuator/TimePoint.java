package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A point in time.
 *
 * @param at when
 * @param words the same as seen from the time of the answer, such as {@code in 3 m 12 s}
 * or {@code 40 s ago}
 */
record TimePoint(Instant at, String words) {

	static TimePoint of(Instant at, Instant now) {
		Duration from = Duration.between(now, at);
		if (from.abs().toMillis() < 500) {
			return new TimePoint(at, "now");
		}
		return new TimePoint(at,
				from.isNegative() ? TimeSpan.words(from.abs()) + " ago" : "in " + TimeSpan.words(from));
	}

	static @Nullable TimePoint ofNullable(@Nullable Instant at, Instant now) {
		return (at != null) ? of(at, now) : null;
	}

}
