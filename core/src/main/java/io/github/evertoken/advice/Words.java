package io.github.evertoken.advice;

import java.time.Duration;

/**
 * Says durations and numbers as people do.
 */
final class Words {

	private Words() {
	}

	/**
	 * Say a duration in its greatest units that tell it apart from a limit.
	 */
	static String span(Duration duration) {
		Duration span = duration.abs();
		if (span.toDays() > 1) {
			return with(span.toDays() + " d", span.toHoursPart(), "h");
		}
		if (span.toHours() > 0) {
			return with(span.toHours() + " h", span.toMinutesPart(), "min");
		}
		if (span.toMinutes() > 0) {
			return with(span.toMinutes() + " min", span.toSecondsPart(), "s");
		}
		return with(span.toSeconds() + " s", span.toMillisPart(), "ms");
	}

	private static String with(String greater, int lesser, String unit) {
		return (lesser != 0) ? greater + " " + lesser + " " + unit : greater;
	}

	/**
	 * Say how many there are of something.
	 * @param noun what, in the singular, whose plural has an s
	 */
	static String number(int count, String noun) {
		return (count == 1) ? "1 " + noun : count + " " + noun + "s";
	}

}
