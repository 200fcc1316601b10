package io.github.evertoken.grpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
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
 * Keeps the page of promises and the tests of this module together: a row names the tests
 * that name its rule, and no others. That they are there is looked at where the page as a
 * whole is.
 */
class DocumentationTests {

	private static final Path PAGE = Path.of("..", "docs", "behaviour.md");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]{2}-\\d+) \\|.*$");

	private static final Pattern PROOF = Pattern.compile("\\[`(\\w+(?:#\\w+)?)`]\\[(\\w+)]");

	private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[(\\w+)]: \\.\\./grpc/\\S+$");

	@Test
	void pageThenNamesTheTestsThatNameItsRules() throws IOException {
		assertThat(proofsOfThePage()).hasSizeGreaterThan(5).containsExactlyInAnyOrderElementsOf(rulesOfTheTests());
	}

	private static Set<String> proofsOfThePage() throws IOException {
		String page = Files.readString(PAGE);
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

}
