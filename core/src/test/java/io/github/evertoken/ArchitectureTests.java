package io.github.evertoken;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.evertoken.test.server.AuthorizationServer;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the house.
 */
@AnalyzeClasses(packages = "io.github.evertoken", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule aPackageUsesThoseBelowItAndNeverThoseAboveIt = layeredArchitecture()
		.consideringOnlyDependenciesInLayers()
		.layer("security")
		.definedBy("io.github.evertoken.security")
		.layer("observation")
		.definedBy("io.github.evertoken.observation")
		.layer("advice")
		.definedBy("io.github.evertoken.advice")
		.layer("service")
		.definedBy("io.github.evertoken.service")
		.layer("web")
		.definedBy("io.github.evertoken.web")
		.layer("lifecycle")
		.definedBy("io.github.evertoken.lifecycle")
		.layer("endpoint")
		.definedBy("io.github.evertoken.endpoint")
		.layer("grant")
		.definedBy("io.github.evertoken.grant")
		.layer("authentication")
		.definedBy("io.github.evertoken.authentication")
		.layer("dpop")
		.definedBy("io.github.evertoken.dpop")
		.layer("discovery")
		.definedBy("io.github.evertoken.discovery")
		.layer("jose")
		.definedBy("io.github.evertoken.jose")
		.layer("http")
		.definedBy("io.github.evertoken.http")
		.layer("store")
		.definedBy("io.github.evertoken.store")
		.layer("contracts")
		.definedBy("io.github.evertoken")
		.whereLayer("security")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("observation")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("advice")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("service")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("web")
		.mayOnlyBeAccessedByLayers("security", "service")
		.whereLayer("lifecycle")
		.mayOnlyBeAccessedByLayers("security", "observation", "web")
		.whereLayer("endpoint")
		.mayOnlyBeAccessedByLayers("security")
		.whereLayer("grant")
		.mayOnlyBeAccessedByLayers("endpoint")
		.whereLayer("authentication")
		.mayOnlyBeAccessedByLayers("endpoint", "grant")
		.whereLayer("dpop")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("discovery")
		.mayOnlyBeAccessedByLayers("endpoint")
		.whereLayer("jose")
		.mayOnlyBeAccessedByLayers("endpoint", "grant", "authentication", "dpop", "lifecycle")
		.whereLayer("http")
		.mayOnlyBeAccessedByLayers("web", "lifecycle", "endpoint", "authentication", "discovery", "jose")
		.whereLayer("store")
		.mayOnlyBeAccessedByLayers("security", "web", "lifecycle");

	@ArchTest
	static final ArchRule noTwoPackagesLeanOnEachOther = slices().matching("io.github.evertoken.(*)..")
		.should()
		.beFreeOfCycles();

	/**
	 * What a room shows is a decision: its door, and what users and other rooms need
	 * beside it.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					advice         | Advice AdvisedClient Advisor
					authentication | ClientAuthentication CredentialFile JwtClientAuthentication TokenEndpointRequest
					discovery      | AuthorizationServerMetadata AuthorizationServerMetadataSource
					dpop           | DpopProofs
					endpoint       | ErrorCodes ExpiresInFormat FailureKind OAuth2TokenIssuer TokenRequestFormat \
					TokenResponseFormat
					grant          | AuthorizationGrant JwtBearerGrant SecurityTokenSource
					http           | EncodedText EndpointUri ForeignFailure HttpDate JsonObject Redactor ResponseBody RetryAfter \
					TransportFailure
					jose           | JwtExpiry JwtSigner SigningKey TokenClaims UnverifiedJwt
					service        | ExpectedDuration HttpServiceTokens TokenClient TokenScope TokenSubject
					""")
	void roomThenShowsNoMoreThanItsDoor(String room, String shown) {
		JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("io.github.evertoken." + room);
		assertThat(classes).filteredOn((type) -> type.isTopLevelClass())
			.filteredOn((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.extracting(JavaClass::getSimpleName)
			.containsExactlyInAnyOrder(shown.split(" "));
	}

	@Test
	void everyRoomThenSaysWhichIsItsDoor() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			List<Path> rooms = files.filter((file) -> file.toString().endsWith(".java"))
				.map(Path::getParent)
				.distinct()
				.toList();
			assertThat(rooms).hasSizeGreaterThan(10)
				.allSatisfy((room) -> assertThat(room.resolve("package-info.java")).content()
					.contains("@NullMarked")
					.containsPattern("[Tt]he\\s+(\\* )?door\\s+(\\* )?is"));
		}
	}

	/**
	 * The heart of the house has to be read by whoever joins.
	 */
	@Test
	void lifecycleThenHasNoFileOfMoreThanThreeHundredLines() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("src/main/java/io/github/evertoken/lifecycle"))) {
			assertThat(files.toList()).hasSizeGreaterThan(40)
				.allSatisfy(
						(file) -> assertThat(Files.readAllLines(file)).as("%s", file).hasSizeLessThanOrEqualTo(300));
		}
	}

	/**
	 * Users are told to test with it, so that it has to bear the scenarios of this house:
	 * each has one, or a fixture that has.
	 */
	@Test
	void scenariosThenHaveTheAuthorizationServerThatUsersTestWith() {
		JavaClasses scenarios = new ClassFileImporter()
			.withImportOption((location) -> location.contains("ScenarioTests.class"))
			.importPackages("io.github.evertoken");
		assertThat(scenarios).hasSizeGreaterThan(10)
			.allMatch((scenario) -> hasAuthorizationServer(scenario)
					|| types(scenario).anyMatch(ArchitectureTests::hasAuthorizationServer));
	}

	private static boolean hasAuthorizationServer(JavaClass type) {
		return types(type).anyMatch((field) -> field.isEquivalentTo(AuthorizationServer.class));
	}

	private static Stream<JavaClass> types(JavaClass type) {
		return type.getFields().stream().map(JavaField::getRawType);
	}

	/**
	 * Whoever reads one of the two names would have to know the other.
	 */
	@Test
	void namesThenDoNotDifferByAnSAlone() {
		Set<String> names = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("io.github.evertoken")
			.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getPackageName().startsWith("io.github.evertoken.test"))
			.map(JavaClass::getSimpleName)
			.collect(Collectors.toSet());
		assertThat(names).hasSizeGreaterThan(200).allSatisfy((name) -> assertThat(names).doesNotContain(name + "s"));
	}

	@ArchTest
	static final ArchRule onlyOneRoomKnowsSpringSecurity = noClasses().that()
		.resideOutsideOfPackage("io.github.evertoken.security")
		.and()
		.haveNameNotMatching("io\\.github\\.evertoken\\.web\\.SecurityContext\\w+")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.security..");

	@ArchTest
	static final ArchRule theCoreKnowsNothingOfSpringBoot = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "org.springframework.context..");

	/**
	 * Advice is given by what is told, and changes nothing: it needs no more than the
	 * contracts.
	 */
	@ArchTest
	static final ArchRule adviceKnowsTheContractsAlone = noClasses().that()
		.resideInAPackage("io.github.evertoken.advice")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.github.evertoken.lifecycle", "io.github.evertoken.web", "io.github.evertoken.store",
				"io.github.evertoken.endpoint", "org.springframework..");

	@ArchTest
	static final ArchRule onlyTheFilterAndTheGrantsSpeakHttp = noClasses().that()
		.resideInAnyPackage("io.github.evertoken", "io.github.evertoken.lifecycle", "io.github.evertoken.store")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework..");

	/**
	 * One class may wait: for those callers whose thread waits for the answer anyway.
	 */
	@ArchTest
	static final ArchRule nothingBlocks = noClasses().that()
		.doNotHaveFullyQualifiedName("io.github.evertoken.web.BlockingWait")
		.should()
		.callMethod(Mono.class, "block")
		.orShould()
		.callMethod(Flux.class, "blockFirst")
		.orShould()
		.callMethod(Flux.class, "blockLast")
		.orShould()
		.accessTargetWhere(target(nameMatching("get|join")).and(target(owner(assignableTo(Future.class)))))
		.orShould()
		.accessTargetWhere(target(nameMatching("await")).and(target(owner(assignableTo(CountDownLatch.class)))))
		.orShould()
		.callMethod(Thread.class, "sleep", long.class);

	@ArchTest
	static final ArchRule noStateIsStaticAndMutable = noFields().that()
		.areStatic()
		.should()
		.notBeFinal()
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule classesAreFinalUnlessMeantToBeExtended = classes().that()
		.areNotInterfaces()
		.and()
		.areNotEnums()
		.and()
		.doNotHaveModifier(JavaModifier.ABSTRACT)
		.and()
		.areNotAnonymousClasses()
		.and()
		.haveSimpleNameNotContaining("package-info")
		.and()
		.doNotBelongToAnyOf(AccessToken.class)
		.and()
		.doNotHaveFullyQualifiedName("io.github.evertoken.lifecycle.Flight")
		.should()
		.haveModifier(JavaModifier.FINAL)
		.because("only the access token is extended: by what a key holds, of which there may be very many;"
				+ " and the flight: by a loan, which takes its place in the state of a key");

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = classes().should()
		.resideInAPackage("io.github.evertoken..")
		.andShould(com.tngtech.archunit.lang.ArchCondition
			.from(com.tngtech.archunit.base.DescribedPredicate.<JavaClass>describe("be in a null-marked package",
					(type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

}
