package io.github.evertoken.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the README what it is: what grows belongs into a chapter, and its figures are
 * those of the page that says how they were measured.
 */
class ReadmeTests {

	@Test
	void readmeThenIsOneScreenAndAHalf() throws IOException {
		assertThat(Files.size(Snippet.ROOT.resolve("README.md"))).isLessThanOrEqualTo(8 * 1024);
	}

	@Test
	void yamlThenHasSevenLines() throws IOException {
		List<Snippet> yaml = Snippet.in("yaml")
			.stream()
			.filter((snippet) -> snippet.place().startsWith("README"))
			.toList();
		assertThat(yaml).singleElement().satisfies((snippet) -> assertThat(snippet.text().lines()).hasSize(7));
	}

	/**
	 * Each row of the table of figures ends with the command that makes them.
	 */
	@Test
	void figuresThenAreThoseOfThePageThatTheirCommandMakes() throws IOException {
		Path docs = Snippet.ROOT.resolve("docs");
		String performance = Files.readString(docs.resolve("performance.md"));
		List<String[]> rows = Files.readAllLines(Snippet.ROOT.resolve("README.md"))
			.stream()
			.filter((line) -> line.contains("-Pbenchmarks"))
			.map((line) -> line.split(" \\| "))
			.toList();
		assertThat(rows).hasSize(3).allSatisfy((row) -> {
			String command = row[3].replaceAll("[`|]", "").strip();
			assertThat(performance).contains("    " + command + "\n");
			String section = performance.substring(performance.indexOf(command)).split("\n## ", 2)[0];
			String peer = section.lines()
				.filter((line) -> line.startsWith("| Spring Security |"))
				.findFirst()
				.orElseThrow();
			String own = section.lines()
				.filter((line) -> line.startsWith("| **Evertoken** |"))
				.findFirst()
				.orElseThrow();
			assertThat(peer).contains(" " + figure(row[1]) + " ");
			assertThat(own).contains(" " + figure(row[2]) + " ");
		});
	}

	private static String figure(String cell) {
		return cell.replaceAll("( ns| %)$", "");
	}

}
