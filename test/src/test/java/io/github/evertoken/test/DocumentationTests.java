package io.github.evertoken.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the pages and the tests of this module together: a promise names the tests that
 * name its rule, and no others, and what the chapter on tests shows is a test.
 */
class DocumentationTests {

	private static final Path DOCS = Path.of("..", "docs");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]{2}-\\d+) \\|.*$");

	private static final Pattern PROOF = Pattern.compile("\\[`(\\w+(?:#\\w+)?)`]\\[(\\w+)]");

	private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[(\\w+)]: \\.\\./test/\\S+$");

	private static final Pattern SNIPPET = Pattern.compile("\\[source,java]\n----\n(.*?)\n----\n", Pattern.DOTALL);

	private static final Pattern FIRST_TEST = Pattern.compile("== The first test\n.*?----\n(.*?)\n----\n",
			Pattern.DOTALL);

	@Test
	void pageThenNamesTheTestsThatNameItsRules() throws IOException {
		assertThat(proofsOfThePage()).hasSizeGreaterThan(10).containsExactlyInAnyOrderElementsOf(rulesOfTheTests());
	}

	private static Set<String> proofsOfThePage() throws IOException {
		String page = Files.readString(DOCS.resolve("behaviour.md"));
		Set<String> ours = DEFINITION.matcher(page)
			.results()
			.map((definition) -> definition.group(1))
			.collect(Collectors.toSet());
		return ROW.matcher(page)
			.results()
			.flatMap((row) -> PROOF.matcher(row.group())
				.results()
				.filter((proof) -> ours.contains(proof.group(2)))
				.map((proof) -> row.group(1) + " " + proof.group(1)))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> rulesOfTheTests() {
		JavaClasses tests = new ClassFileImporter().withImportOption(new ImportOption.OnlyIncludeTests())
			.importPackagesOf(DocumentationTests.class);
		return tests.stream()
			.flatMap(
					(type) -> Stream.concat(rules(type), type.getMethods().stream().flatMap(DocumentationTests::rules)))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Stream<String> rules(JavaClass type) {
		return type.tryGetAnnotationOfType(Rule.class).stream().flatMap((rule) -> rules(rule, type.getSimpleName()));
	}

	private static Stream<String> rules(JavaMethod method) {
		return method.tryGetAnnotationOfType(Rule.class)
			.stream()
			.flatMap((rule) -> rules(rule, method.getOwner().getSimpleName() + "#" + method.getName()));
	}

	private static Stream<String> rules(Rule rule, String proof) {
		return Stream.of(rule.value()).map((number) -> number + " " + proof);
	}

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
