package io.github.evertoken.advice;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HourlyCounts}.
 */
class HourlyCountsTests {

	@ParameterizedTest
	@ValueSource(longs = { 0, -90_000_000_000L, Long.MAX_VALUE / 2, Long.MIN_VALUE / 2 })
	void sumsThenAreThoseOfTheLastHour(long start) {
		HourlyCounts counts = new HourlyCounts(start);
		for (int minute = 0; minute < 300; minute++) {
			counts.add(Occurrence.ISSUED, start + Duration.ofMinutes(minute).toNanos());
		}
		assertThat(counts.sums(start + Duration.ofMinutes(299).toNanos())).containsEntry(Occurrence.ISSUED, 60);
		assertThat(counts.sums(start + Duration.ofMinutes(329).toNanos())).containsEntry(Occurrence.ISSUED, 30);
		assertThat(counts.sums(start + Duration.ofDays(400).toNanos())).containsEntry(Occurrence.ISSUED, 0);
	}

	@Test
	void sumsWhenClockGoesBackThenLoseNothing() {
		HourlyCounts counts = new HourlyCounts(0);
		counts.add(Occurrence.TROUBLE, Duration.ofMinutes(5).toNanos());
		counts.add(Occurrence.TROUBLE, Duration.ofMinutes(4).toNanos());
		assertThat(counts.sums(Duration.ofMinutes(3).toNanos())).containsEntry(Occurrence.TROUBLE, 2);
	}

}
