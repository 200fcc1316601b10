package io.github.evertoken.advice;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Troubles}.
 */
class TroublesTests {

	private final Troubles troubles = new Troubles();

	@Test
	void failuresWhenInARowThenAreOneBeginning() {
		assertThat(failed(0)).isTrue();
		for (int second = 5; second < 7200; second += 5) {
			assertThat(failed(second)).isFalse();
		}
	}

	@Test
	void failuresWhenFlightsOfTheSameTimeSucceedThenAreOneBeginning() {
		assertThat(failed(0)).isTrue();
		for (int second = 1; second < 600; second += 2) {
			succeeded(second);
			assertThat(failed(second + 1)).isFalse();
		}
	}

	@Test
	void failureWhenItWasWellForAWhileThenIsAnotherBeginning() {
		assertThat(failed(0)).isTrue();
		succeeded(5);
		assertThat(failed(30)).isFalse();
		succeeded(31);
		assertThat(failed(61)).isTrue();
	}

	private boolean failed(int second) {
		return this.troubles.failed(Duration.ofSeconds(second).toNanos());
	}

	private void succeeded(int second) {
		this.troubles.succeeded(Duration.ofSeconds(second).toNanos());
	}

}
