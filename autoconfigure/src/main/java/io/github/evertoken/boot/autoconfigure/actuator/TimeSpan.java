package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A length of time.
 *
 * @param seconds how long
 * @param words the same in words, such as {@code 5 m} or {@code 1 h 30 m}
 */
record TimeSpan(double seconds, String words) {

	private static final int MOST_UNITS = 2;

	static TimeSpan of(Duration duration) {
		return new TimeSpan(duration.toMillis() / 1000.0, words(duration));
	}

	/**
	 * Say a duration that is not negative in its two greatest units: nobody looks at the
	 * seconds of a day.
	 */
	static String words(Duration duration) {
		if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
			return duration.toMillis() + " ms";
		}
		List<String> words = new ArrayList<>();
		add(words, duration.toDays(), "d");
		add(words, duration.toHoursPart(), "h");
		add(words, duration.toMinutesPart(), "m");
		add(words, duration.toSecondsPart(), "s");
		return String.join(" ", words).strip().replaceAll(" +", " ");
	}

	/**
	 * Once the greatest unit is there, those that follow take their place though they are
	 * none: a day and some seconds is a day.
	 */
	private static void add(List<String> words, long number, String unit) {
		if (words.size() < MOST_UNITS && (number > 0 || !words.isEmpty())) {
			words.add((number > 0) ? number + " " + unit : "");
		}
	}

}
