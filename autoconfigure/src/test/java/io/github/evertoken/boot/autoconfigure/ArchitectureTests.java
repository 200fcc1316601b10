package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.origin;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Boot's own rules for auto-configurations, and this project's.
 */
@AnalyzeClasses(packages = "io.github.evertoken.boot", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOM = "io.github.evertoken.boot.autoconfigure";

	/**
	 * What is public, though it is no configuration: it is so for the rooms above.
	 */
	private static final String[] DOORS = { "BindingReport", "ConfigurationProblems", "SecretCheck",
			"SslBundleFailures", "Urls", "PlainSecrets", "TokenEndpointClients", "CredentialFactory", "ClientBeans",
			"ClientStart", "ConfiguredClients", "GroupBaseUrls", "RegistrationSource", "EvertokenEndpoint" };

	@ArchTest
	static final ArchRule aRoomUsesThoseBelowItAndNeverThoseAboveOrBesideIt = layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.layer("auto-configurations")
		.definedBy(ROOM)
		.layer("manager")
		.definedBy(ROOM + ".manager")
		.layer("security")
		.definedBy(ROOM + ".security")
		.layer("web")
		.definedBy(ROOM + ".web")
		.layer("service")
		.definedBy(ROOM + ".service")
		.layer("client")
		.definedBy(ROOM + ".client")
		.layer("observation")
		.definedBy(ROOM + ".observation")
		.layer("advice")
		.definedBy(ROOM + ".advice")
		.layer("actuator")
		.definedBy(ROOM + ".actuator")
		.layer("connection")
		.definedBy(ROOM + ".connection")
		.layer("credential")
		.definedBy(ROOM + ".credential")
		.layer("diagnostics")
		.definedBy(ROOM + ".diagnostics")
		.layer("properties")
		.definedBy(ROOM + ".properties")
		.layer("what applications name")
		.definedBy("io.github.evertoken.boot")
		.ensureAllClassesAreContainedInArchitecture()
		.whereLayer("auto-configurations")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("manager")
		.mayOnlyBeAccessedByLayers("auto-configurations")
		.whereLayer("security")
		.mayOnlyBeAccessedByLayers("auto-configurations")
		.whereLayer("web")
		.mayOnlyBeAccessedByLayers("auto-configurations")
		.whereLayer("service")
		.mayOnlyBeAccessedByLayers("auto-configurations")
		.whereLayer("observation")
		.mayOnlyBeAccessedByLayers("auto-configurations")
		.whereLayer("advice")
		.mayOnlyBeAccessedByLayers("auto-configurations")
		.whereLayer("actuator")
		.mayOnlyBeAccessedByLayers("auto-configurations")
		.whereLayer("client")
		.mayOnlyBeAccessedByLayers("auto-configurations", "manager", "security", "web", "service", "advice", "actuator")
		.whereLayer("connection")
		.mayOnlyBeAccessedByLayers("client")
		.whereLayer("credential")
		.mayOnlyBeAccessedByLayers("client")
		.whereLayer("diagnostics")
		.mayOnlyBeAccessedByLayers("auto-configurations", "security", "service", "advice", "actuator", "client",
				"connection", "credential")
		.whereLayer("properties")
		.mayOnlyBeAccessedByLayers("auto-configurations", "security", "web", "service", "advice", "actuator", "client",
				"connection", "credential", "diagnostics")
		.whereLayer("what applications name")
		.mayOnlyBeAccessedByLayers("manager", "observation", "web", "service", "actuator", "client", "diagnostics",
				"properties");

	@ArchTest
	static final ArchRule aRoomShowsItsDoorAndNothingElse = classes().that()
		.resideInAPackage(ROOM + ".*")
		.and()
		.resideOutsideOfPackage(ROOM + ".properties")
		.and()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.and()
		.haveSimpleNameNotEndingWith("Configuration")
		.should()
		.haveNameMatching(".*\\.(" + String.join("|", DOORS) + ")");

	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(FINAL)
		.andShould()
		.haveSimpleNameEndingWith("AutoConfiguration");

	@ArchTest
	static final ArchRule configurationsOfRoomsAreFinal = classes().that()
		.areAnnotatedWith(Configuration.class)
		.and()
		.arePublic()
		.should()
		.haveModifier(FINAL)
		.andShould()
		.haveSimpleNameEndingWith("Configuration");

	@ArchTest
	static final ArchRule beanMethodsArePackagePrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate();

	@ArchTest
	static final ArchRule nothingIsInjectedIntoFields = noFields().should().beAnnotatedWith(Autowired.class);

	/**
	 * Three may wait: two for what the start of the application cannot do without, and
	 * the endpoint for a removal, on a thread that may.
	 */
	@ArchTest
	static final ArchRule nothingBlocks = noClasses().should()
		.accessTargetWhere(target(nameMatching("block.*")).and(targetOwner(Mono.class).or(targetOwner(Flux.class))))
		.orShould()
		.callMethod(Thread.class, "sleep", long.class)
		.orShould()
		.accessTargetWhere(target(nameMatching("get|join")).and(targetOwner(Future.class))
			.or(target(nameMatching("await")).and(targetOwner(CountDownLatch.class)))
			.and(not(origin(owner(nameMatching(
					".*\\.(security\\.RegistrationLookup|manager\\.EagerClientStarter|actuator\\.EvertokenEndpoint)"))))));

	private static DescribedPredicate<JavaAccess<?>> targetOwner(Class<?> type) {
		return JavaAccess.Predicates.targetOwner(assignableTo(type));
	}

	/**
	 * Whoever reads one of the two names would have to know the other.
	 */
	@Test
	void namesThenDoNotDifferByAnSAlone() {
		Set<String> all = names("io.github.evertoken");
		assertThat(names("io.github.evertoken.boot")).hasSizeGreaterThan(90).allSatisfy((name) -> {
			assertThat(all).doesNotContain(name + "s");
			assertThat(name.endsWith("s") ? all : Set.of()).doesNotContain(name.substring(0, name.length() - 1));
		});
	}

	private static Set<String> names(String room) {
		return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages(room)
			.stream()
			.map(JavaClass::getSimpleName)
			.filter((name) -> !name.isEmpty())
			.collect(Collectors.toSet());
	}

	@Test
	void packagesThenAreNullMarkedAndSayWhatTheRoomIsForAndWhichIsItsDoor() throws IOException {
		assertThat(packages()).hasSize(14).allSatisfy((room) -> {
			Path info = room.resolve("package-info.java");
			assertThat(info).isRegularFile();
			assertThat(Files.readString(info)).contains("@NullMarked\npackage ").containsIgnoringCase("door");
		});
	}

	private static List<Path> packages() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			return files.filter((file) -> file.toString().endsWith(".java")).map(Path::getParent).distinct().toList();
		}
	}

}
