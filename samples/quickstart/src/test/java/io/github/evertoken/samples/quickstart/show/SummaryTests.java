package io.github.evertoken.samples.quickstart.show;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SummaryTests {

	private static final Promise KEPT = new Promise("one request", "requests: 1", true);

	private static final Promise BROKEN = new Promise("no failed call", "failed calls: 2", false);

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
				"PROMISE          MEASURED          ", "one request      requests: 1       kept",
				"no failed call   failed calls: 2   BROKEN");
	}

}
