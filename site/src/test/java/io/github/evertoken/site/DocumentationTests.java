package io.github.evertoken.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the pages and the tests together: a test that is renamed or gone must not be said
 * to show anything, and what a test says that it shows is a promise.
 */
class DocumentationTests {

	private static final Path DOCS = Snippet.ROOT.resolve("docs");

	/**
	 * <code>[`Type#method`][Type]</code>, or <code>[`Type.Nested`][Type]</code>.
	 */
	private static final Pattern PROOF = Pattern.compile("\\[`(\\w+)(?:([#.])(\\w+))?`]\\[(\\w+)]");

	private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[(\\w+)]: (\\S+)$");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!-)(.+) \\|$");

	private static final Pattern PROMISE = Pattern.compile("[A-Z]{2}-\\d+");

	private static final Pattern TAG = Pattern.compile("@Tag\\(\"(" + PROMISE + ")\"\\)");

	private static final Pattern TAGGED = Pattern.compile("\\b(?:class|interface) (\\w+)|\\bvoid (\\w+)\\(");

	@ParameterizedTest
	@ValueSource(strings = { "behaviour.md", "scenarios.md" })
	void pageThenEveryRowLinksToProofsThatExist(String page) {
		String text = read(DOCS.resolve(page));
		Map<String, String> files = definitions(text);
		List<String> rows = rows(text);
		assertThat(rows).hasSizeGreaterThan(20).allSatisfy((row) -> {
			List<MatchResult> proofs = PROOF.matcher(row).results().toList();
			assertThat(proofs).isNotEmpty().allSatisfy((proof) -> check(proof, files));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "behaviour.md", "scenarios.md" })
	void pageThenItsDefinitionsAreThoseThatItUses(String page) {
		String text = read(DOCS.resolve(page));
		Set<String> used = PROOF.matcher(text).results().map((proof) -> proof.group(4)).collect(Collectors.toSet());
		assertThat(definitions(text).keySet()).containsExactlyInAnyOrderElementsOf(used);
	}

	@Test
	void testsThenNameNoPromiseThatThereIsNot() throws IOException {
		String page = read(DOCS.resolve("behaviour.md"));
		Set<String> promises = rows(page).stream().map((row) -> row.split(" ")[1]).collect(Collectors.toSet());
		assertThat(testSources()).hasSizeGreaterThan(100)
			.allSatisfy((file) -> assertThat(promises)
				.containsAll(tagged(file).stream().map((proof) -> proof.split(" ")[0]).toList()));
	}

	/**
	 * The proofs of the core are more than a page can name.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "redis", "gateway", "grpc", "test-server", "test" })
	void pageThenNamesTheTestsThatNameItsPromises(String module) throws IOException {
		String page = read(DOCS.resolve("behaviour.md"));
		Map<String, String> files = definitions(page);
		Set<String> named = rows(page).stream()
			.flatMap((row) -> PROOF.matcher(row)
				.results()
				.filter((proof) -> files.get(proof.group(4)).startsWith("../" + module + "/"))
				.map((proof) -> row.split(" ")[1] + " " + proof.group().replaceAll("^\\[`|`].*$", "")))
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> tagged = testSources().stream()
			.filter((file) -> file.startsWith(Snippet.ROOT.resolve(module)))
			.flatMap((file) -> tagged(file).stream())
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(named).hasSizeGreaterThan(5).containsExactlyElementsOf(tagged);
	}

	private static List<Path> testSources() throws IOException {
		try (Stream<Path> files = Files.find(Snippet.ROOT, 20, (file, attributes) -> file.toString()
			.matches(".*[/\\\\]src[/\\\\]test[/\\\\]java[/\\\\].*Tests?\\.java"))) {
			return files.sorted().toList();
		}
	}

	/**
	 * Return the promises that a file names, each with the class or the method that does.
	 */
	private static List<String> tagged(Path file) {
		String source = read(file);
		String type = file.getFileName().toString().replace(".java", "");
		return TAG.matcher(source).results().map((tag) -> {
			Matcher tagged = TAGGED.matcher(source);
			assertThat(tagged.find(tag.end())).isTrue();
			String proof = (tagged.group(2) != null) ? type + "#" + tagged.group(2)
					: type.equals(tagged.group(1)) ? type : type + "." + tagged.group(1);
			return tag.group(1) + " " + proof;
		}).toList();
	}

	private static void check(MatchResult proof, Map<String, String> files) {
		String type = proof.group(1);
		assertThat(proof.group(4)).isEqualTo(type);
		assertThat(files).containsKey(type);
		Path file = DOCS.resolve(files.get(type));
		assertThat(file).isRegularFile().hasFileName(type + ".java");
		Pattern declaration = declaration(type, proof.group(2), proof.group(3));
		assertThat(declaration.matcher(read(file)).find()).as("%s in %s", declaration, file).isTrue();
	}

	private static Pattern declaration(String type, @Nullable String separator, @Nullable String member) {
		if (separator == null) {
			return Pattern.compile("class " + type + "\\b");
		}
		return separator.equals("#") ? Pattern.compile("@\\w*Test\\b(?s:(?!\\bvoid\\b).)*\\bvoid " + member + "\\(")
				: Pattern.compile("class " + member + "\\b");
	}

	private static Map<String, String> definitions(String text) {
		return DEFINITION.matcher(text)
			.results()
			.collect(Collectors.toMap((definition) -> definition.group(1), (definition) -> definition.group(2),
					(first, second) -> {
						throw new IllegalStateException(first + " and " + second);
					}, TreeMap::new));
	}

	/**
	 * Return the rows of all tables without their headings.
	 */
	private static List<String> rows(String text) {
		return Stream.of(text.split("\n\n"))
			.filter((block) -> block.startsWith("| "))
			.flatMap((block) -> ROW.matcher(block).results().map(MatchResult::group).skip(1))
			.toList();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
