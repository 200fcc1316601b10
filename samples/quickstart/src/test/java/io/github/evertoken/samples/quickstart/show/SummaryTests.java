package io.github.evertoken.samples.quickstart.show;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SummaryTests {

	private static final Promise KEPT = new Promise("one request", "requests: 1", true, "requests: 1000");

	private static final Promise BROKEN = new Promise("no failed call", "failed: 2", false, "failed: 20");

	@Test
	void exitCodeWhenAllPromisesAreKeptThenIsZero() {
		assertThat(new Summary(List.of(KEPT)).exitCode()).isZero();
	}

	@Test
	void exitCodeWhenOnePromiseIsBrokenThenIsNotZero() {
		assertThat(new Summary(List.of(KEPT, BROKEN)).exitCode()).isEqualTo(1);
	}

	@Test
	void exitCodeWhenNothingWasMeasuredThenIsNotZero() {
		assertThat(new Summary(List.of()).exitCode()).isEqualTo(1);
	}

	@Test
	void printWhenOnePromiseIsBrokenThenSaysWhich() {
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		new Summary(List.of(KEPT, BROKEN)).print(new Timeline(new PrintStream(printed, true, StandardCharsets.UTF_8)));
		assertThat(printed.toString(StandardCharsets.UTF_8).lines()).containsExactly("",
				"PROMISE                   EVERTOKEN     SPRING SECURITY",
				"one request      kept     requests: 1   requests: 1000",
				"no failed call   BROKEN   failed: 2     failed: 20");
	}

}
