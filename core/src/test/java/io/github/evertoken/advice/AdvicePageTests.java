package io.github.evertoken.advice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/advice.md} explains each rule, and no other, and that links lead
 * there.
 */
class AdvicePageTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern SECTION = Pattern.compile("(?m)^## (.+)\n\n((?:(?!^## ).*\n)+)");

	@Test
	void pageThenHasASectionForEachRuleInTheirOrder() throws IOException {
		List<MatchResult> sections = SECTION.matcher(page()).results().toList();
		assertThat(sections).extracting((section) -> section.group(1)).containsExactlyElementsOf(Advisor.rules());
		assertThat(sections).allSatisfy((section) -> assertThat(section.group(2)).hasSizeGreaterThan(100));
	}

	@Test
	void linkThenLeadsToTheSectionInTheProjectOfThePom() throws IOException {
		String pom = Files.readString(ROOT.resolve("pom.xml"));
		MatchResult url = Pattern.compile("<url>(https://\\S+)</url>").matcher(pom).results().findFirst().orElseThrow();
		assertThat(Advisor.link("plain-http")).isEqualTo(url.group(1) + "/blob/main/docs/advice.md#plain-http");
	}

	private static String page() throws IOException {
		return Files.readString(ROOT.resolve("docs/advice.md"));
	}

}
