package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StepUp}.
 */
@Tag("RJ-4")
class StepUpTests {

	private static final String ERROR = "error=insufficient_user_authentication";

	private static StepUp of(String... lines) {
		return StepUp.of(Challenge.read(List.of(lines)), "sent-token");
	}

	@Test
	void ofWhenOneOfTheTwoIsAskedForThenTheOtherIsAbsent() {
		assertThat(of("Bearer " + ERROR + ", acr_values=\"gold silver\""))
			.isEqualTo(new StepUp(List.of("gold", "silver"), null));
		assertThat(of("Bearer " + ERROR + ", max_age=0")).isEqualTo(new StepUp(List.of(), Duration.ZERO));
		assertThat(of("Bearer " + ERROR)).isEqualTo(new StepUp(List.of(), null));
		assertThat(of()).isEqualTo(new StepUp(List.of(), null));
	}

	@Test
	void ofWhenThereAreOtherSchemesThenThatOfTheTokenCounts() {
		assertThat(of("Other acr_values=bronze, max_age=1", "Bearer " + ERROR + ", acr_values=gold"))
			.isEqualTo(new StepUp(List.of("gold"), null));
	}

	@Test
	void ofWhenTheFirstChallengeAsksForNothingThenTheNextOneCounts() {
		assertThat(of("Bearer " + ERROR, "Bearer " + ERROR + ", max_age=5, acr_values=gold"))
			.isEqualTo(new StepUp(List.of("gold"), Duration.ofSeconds(5)));
	}

	@ParameterizedTest
	@Tag("SE-2")
	@ValueSource(strings = { "sent-token", "xsent-tokenx", "caf\u00e9", "a\u0007b", "a\\\\b", "a\\\"b" })
	void ofWhenAValueIsNoNameOfAClassThenIsLeftOut(String value) {
		assertThat(of("Bearer " + ERROR + ", acr_values=\"gold " + value + " silver\"").acrValues())
			.containsExactly("gold", "silver");
	}

	@Test
	@Tag("SE-2")
	void ofWhenAValueIsLongThenIsLeftOut() {
		String longest = "x".repeat(256);
		assertThat(of("Bearer " + ERROR + ", acr_values=\"" + longest + " " + longest + "x\"").acrValues())
			.containsExactly(longest);
	}

	@Test
	void ofWhenThereAreManyValuesThenTheFirstSixteenCount() {
		List<String> names = IntStream.range(0, 17).mapToObj((i) -> "acr" + i).toList();
		assertThat(of("Bearer " + ERROR + ", acr_values=\"" + names.stream().collect(Collectors.joining(" ")) + "\"")
			.acrValues()).isEqualTo(names.subList(0, 16));
	}

	@ParameterizedTest
	@ValueSource(strings = { "99999999999", "1.5", "-1", "\u0661", "" })
	void ofWhenTheAgeIsNoNumberOfSecondsThenIsLeftOut(String age) {
		assertThat(of("Bearer " + ERROR + ", acr_values=gold, max_age=\"" + age + "\"").maxAge()).isNull();
	}

	@Test
	void ofWhenTheAgeIsGreatThenIsKept() {
		assertThat(of("Bearer " + ERROR + ", max_age=9999999999").maxAge()).isEqualTo(Duration.ofSeconds(9999999999L));
	}

}
