package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimePoint} and {@link TimeSpan}.
 */
class TimeWordsTests {

	private static final Instant NOW = Instant.parse("2026-11-26T07:00:00Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PT3M12S    | in 3 m 12 s
			PT3M12.9S  | in 3 m 12 s
			PT-40S     | 40 s ago
			PT-0.7S    | 700 ms ago
			PT0.499S   | now
			PT-0.499S  | now
			PT0S       | now
			PT-25H     | 1 d 1 h ago
			""")
	void ofThenSaysWhenFromHere(Duration from, String words) {
		assertThat(TimePoint.of(NOW.plus(from), NOW)).isEqualTo(new TimePoint(NOW.plus(from), words));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PT0S          | 0 ms
			PT0.25S       | 250 ms
			PT1S          | 1 s
			PT59.999S     | 59 s
			PT5M          | 5 m
			PT1H30M       | 1 h 30 m
			PT1H0M5S      | 1 h
			PT23H59M59S   | 23 h 59 m
			P1DT0H5M      | 1 d
			P30D          | 30 d
			""")
	void wordsThenAreTheTwoGreatestUnits(Duration span, String words) {
		assertThat(TimeSpan.of(span).words()).isEqualTo(words);
		assertThat(TimeSpan.of(span).seconds()).isEqualTo(span.toMillis() / 1000.0);
	}

}
