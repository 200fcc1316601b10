package io.github.evertoken.test.server;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

/**
 * The rules of this module.
 */
@AnalyzeClasses(packages = "io.github.evertoken.test.server", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	/**
	 * Whatever is tested against the server, it cannot share a mistake with it; and a
	 * user's tests are not to detect another HTTP client than the application.
	 */
	@ArchTest
	static final ArchRule itStandsOnItsOwn = classes().should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage("io.github.evertoken.test.server", "java.io..", "java.lang..", "java.math..", "java.net",
				"java.nio..", "java.security..", "java.text..", "java.time..", "java.util..", "javax.crypto..",
				"com.nimbusds..", "org.assertj..", "org.junit.jupiter.api..", "org.jspecify.annotations..");

	@ArchTest
	static final ArchRule whatIsPublicIsWhatAUserNames = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should()
		.haveSimpleName("AuthorizationServer")
		.orShould()
		.haveSimpleName("AuthorizationServerAssert")
		.orShould()
		.haveSimpleName("Endpoint")
		.orShould()
		.haveSimpleName("Fault")
		.orShould()
		.haveSimpleName("ReceivedRequest")
		.orShould()
		.haveSimpleName("ServerTime");

}
