package io.github.evertoken.grpc;

import java.util.concurrent.Future;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The rules of this module.
 */
@AnalyzeClasses(packages = "io.github.evertoken.grpc", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	/**
	 * Which token, whether a refusal is one of it, and when to send once more: core
	 * decides.
	 */
	@ArchTest
	static final ArchRule nothingOfTheLifeCycleIsUsedHere = noClasses().that()
		.haveSimpleNameNotEndingWith("Configuration")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.github.evertoken.lifecycle..", "io.github.evertoken.boot.autoconfigure..");

	@ArchTest
	static final ArchRule whatIsPublicIsWhatAUserNames = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should()
		.haveNameMatching(".*\\.(TokenCallCredentials|TokenClientInterceptor|EvertokenGrpcAutoConfiguration)");

	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL);

	@ArchTest
	static final ArchRule beanMethodsArePackagePrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate();

	@ArchTest
	static final ArchRule nothingBlocks = noClasses().should()
		.accessTargetWhere(target(nameMatching("block.*"))
			.and(targetOwner(assignableTo(Mono.class)).or(targetOwner(assignableTo(Flux.class)))))
		.orShould()
		.callMethod(Thread.class, "sleep", long.class)
		.orShould()
		.accessTargetWhere(target(nameMatching("get|join")).and(targetOwner(assignableTo(Future.class))));

}
