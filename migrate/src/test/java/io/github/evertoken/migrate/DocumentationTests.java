package io.github.evertoken.migrate;

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
 * Keeps the chapter honest: its example is a project that is tried.
 */
class DocumentationTests {

	private static final Pattern BLOCK = Pattern.compile("\\[source,(yaml|java|text)]\n----\n(.*?)\n----\n",
			Pattern.DOTALL);

	@Test
	void chapterThenItsExampleIsWhatComesOfTheProject() throws IOException {
		String chapter = Files.readString(Path.of("../docs/reference/migrating.adoc")).replace("\r\n", "\n");
		List<MatchResult> blocks = BLOCK.matcher(chapter).results().toList();
		assertThat(blocks.stream().map((block) -> block.group(1))).containsExactly("yaml", "java", "text");
		String project = flat(
				Stream.of("src/main/resources/application.yml", "src/main/java/web/Basket.java", "expected.txt")
					.map(DocumentationTests::read)
					.collect(Collectors.joining()));
		assertThat(blocks).allSatisfy((block) -> assertThat(project).contains(flat(block.group(2))));
		assertThat(blocks.get(2).group(2) + "\n").isEqualTo(read("expected.txt"));
	}

	/**
	 * Sources stand further to the left in the chapter.
	 */
	private static String flat(String text) {
		return text.replaceAll("(?m)^\t+", "");
	}

	private static String read(String file) {
		try {
			return Files.readString(TestProject.PROJECTS.resolve("login").resolve(file)).replace("\r\n", "\n");
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
