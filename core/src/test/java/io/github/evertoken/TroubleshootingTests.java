package io.github.evertoken;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each exception says where it is explained, and that it is explained there.
 */
class TroubleshootingTests {

	private static final Path ROOT = Path.of("..");

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final Pattern SECTION = Pattern.compile("(?m)^\\[#([\\w-]+)]\n(==+) .+\n\n((?:(?!^\\[#).*\n?)+)");

	private static final Map<Class<? extends RuntimeException>, RuntimeException> EXCEPTIONS = List
		.of(new TransientTokenException(KEY, "down", null),
				new TokenRefusedException(KEY, "401", "invalid_client", "Unknown client", null),
				new ReauthenticationRequiredException(KEY, "400", "invalid_grant", null, null),
				new LeaseNotCoveredException(KEY, Duration.ofHours(1), Duration.ofMinutes(5)),
				new TokenRevocationException(KEY, new TransientTokenException(KEY, "down", null)),
				new TokenStoreException(KEY, "saved in", null),
				new CredentialException("evertoken.clients.inventory.client-secret-location", "is gone", null))
		.stream()
		.collect(Collectors.toMap(RuntimeException::getClass, Function.identity()));

	@Test
	void messageThenEndsWithTheAddressOfTheSectionThatHasTheNameOfTheException() {
		assertThat(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("io.github.evertoken")).filteredOn((type) -> type.isAssignableTo(Throwable.class))
			.filteredOn((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.filteredOn((type) -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
			.extracting(JavaClass::getName)
			.containsExactlyInAnyOrderElementsOf(EXCEPTIONS.keySet().stream().map(Class::getName).toList());
		assertThat(EXCEPTIONS).allSatisfy((type, exception) -> {
			String section = type.getSimpleName()
				.replaceAll("Exception$", "")
				.replaceAll("(?<=.)([A-Z])", "_$1")
				.toUpperCase(Locale.ROOT);
			assertThat(exception.getMessage()).endsWith(" (see " + Troubleshooting.valueOf(section).address() + ")");
		});
	}

	@ParameterizedTest
	@EnumSource
	void addressThenIsASectionThatSaysWhatToDo(Troubleshooting section) throws IOException {
		String[] address = section.address().split("#");
		assertThat(address[0]).startsWith(url() + "/blob/main/");
		String page = Files.readString(ROOT.resolve(address[0].substring((url() + "/blob/main/").length())));
		List<MatchResult> there = SECTION.matcher(page)
			.results()
			.filter((candidate) -> candidate.group(1).equals(address[1]))
			.toList();
		assertThat(there).singleElement().satisfies((found) -> assertThat(found.group(3)).hasSizeGreaterThan(150));
		if (there.get(0).group(2).equals("==")) {
			assertThat(there.get(0).group(3)).contains("What happened::", "What to do::");
		}
	}

	@Test
	void messageWhenACredentialIsMissingThenEndsWithTheAddressThatTellsOfCredentials() {
		TokenException failure = new TransientTokenException(KEY, "down",
				new CredentialException("evertoken.clients.inventory.client-secret-location", "is gone", null));
		assertThat(failure.getMessage()).endsWith("down" + Troubleshooting.CREDENTIAL.reference());
		assertThat(failure.copy().getMessage()).isEqualTo(failure.getMessage());
	}

	@Test
	void copyThenHasTheAddressOnce() {
		TokenException copy = new TransientTokenException(KEY, "down", null).copy();
		assertThat(copy.getMessage().split("https://", -1)).hasSize(2);
	}

	private static String url() throws IOException {
		return Pattern.compile("<url>(https://\\S+)</url>")
			.matcher(Files.readString(ROOT.resolve("pom.xml")))
			.results()
			.findFirst()
			.orElseThrow()
			.group(1);
	}

}
