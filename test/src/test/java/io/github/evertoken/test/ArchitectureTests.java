package io.github.evertoken.test;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The rules of this module.
 */
@AnalyzeClasses(packages = "io.github.evertoken.test", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	/**
	 * What is optional is needed where it is meant alone.
	 */
	@ArchTest
	static final ArchRule springIsForTestsOfSpringBootAlone = noClasses().that()
		.resideInAPackage("io.github.evertoken.test")
		.or()
		.resideInAPackage("io.github.evertoken.test.store")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.github.evertoken.boot..", "io.github.evertoken.test.boot..");

	@ArchTest
	static final ArchRule whatIsPublicIsWhatAUserNames = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.and()
		.resideOutsideOfPackage("io.github.evertoken.test.server")
		.should()
		.haveNameMatching(
				".*\\.(StaticTokenManager|TestTime|EvertokenTest|TokenStoreContract|SharedTokenStoreContract)");

	@ArchTest
	static final ArchRule nothingSleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);

}
