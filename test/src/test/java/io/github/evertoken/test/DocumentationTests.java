package io.github.evertoken.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the chapter on tests honest: what it shows is a test.
 */
class DocumentationTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern SNIPPET = Pattern.compile("\\[source,java]\n----\n(.*?)\n----\n", Pattern.DOTALL);

	private static final Pattern FIRST_TEST = Pattern.compile("== The first test\n.*?----\n(.*?)\n----\n",
			Pattern.DOTALL);

	@Test
	void chapterThenShowsWhatIsTested() throws IOException {
		String chapter = chapter();
		List<String> tests = tests();
		List<String> snippets = SNIPPET.matcher(chapter).results().map((MatchResult match) -> match.group(1)).toList();
		assertThat(snippets).hasSize(5)
			.allSatisfy((snippet) -> assertThat(tests).anySatisfy((test) -> assertThat(test).contains(plain(snippet))));
	}

	@Test
	void chapterThenTheFirstTestHasTenLines() throws IOException {
		MatchResult first = FIRST_TEST.matcher(chapter()).results().findFirst().orElseThrow();
		assertThat(first.group(1).lines().filter((line) -> !line.isBlank())).hasSizeLessThanOrEqualTo(10);
	}

	private static String chapter() throws IOException {
		return Files.readString(DOCS.resolve("reference").resolve("testing.adoc"));
	}

	private static List<String> tests() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
			return files.filter((file) -> file.toString().endsWith("Tests.java"))
				.map(DocumentationTests::read)
				.toList();
		}
	}

	/**
	 * Return what is between the tags of a test, without its indentation.
	 */
	private static String read(Path file) {
		try {
			return Pattern.compile("// tag::(\\w+)\\[]\n(.*?)// end::\\1\\[]", Pattern.DOTALL)
				.matcher(Files.readString(file))
				.results()
				.map((tag) -> plain(tag.group(2)))
				.collect(Collectors.joining("\n"));
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private static String plain(String code) {
		return code.lines().map(String::strip).filter((line) -> !line.isEmpty()).collect(Collectors.joining("\n"));
	}

}
