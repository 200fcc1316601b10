package io.github.evertoken.http;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryAfter}.
 */
class RetryAfterTests {

	private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

	@Test
	void ofWhenAbsentThenNull() {
		assertThat(RetryAfter.of(new HttpHeaders(), NOW)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "0, PT0S", "7, PT7S", "' 120 ', PT2M", "86400, P1D", "86401, P1D", "999999999999999999, P1D" })
	void ofWhenSecondsThenThatLongAndADayAtMost(String value, Duration expected) {
		assertThat(of(value, null)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Mon, 23 Nov 2026 12:01:30 GMT", "Monday, 23-Nov-26 12:01:30 GMT", "Mon Nov 23 12:01:30 2026" })
	void ofWhenDateThenUntilThen(String value) {
		assertThat(of(value, null)).isEqualTo(Duration.ofSeconds(90));
	}

	@Test
	void ofWhenServersClockIsWrongThenCountsByIt() {
		assertThat(of("Mon, 23 Nov 2026 15:00:10 GMT", "Mon, 23 Nov 2026 15:00:00 GMT"))
			.isEqualTo(Duration.ofSeconds(10));
		assertThat(of("Mon, 23 Nov 2026 12:00:10 GMT", "broken")).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void ofWhenDateIsPastThenZero() {
		assertThat(of("Mon, 23 Nov 2026 11:00:00 GMT", null)).isEqualTo(Duration.ZERO);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-5", "+5", "1.5", "soon", "5, 6", "10000000000000000000", "Mon, 99 Nov 2026" })
	void ofWhenBrokenThenNull(String value) {
		assertThat(of(value, null)).isNull();
	}

	private static @Nullable Duration of(String value, @Nullable String date) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("Retry-After", value);
		if (date != null) {
			headers.set("Date", date);
		}
		return RetryAfter.of(headers, NOW);
	}

}
