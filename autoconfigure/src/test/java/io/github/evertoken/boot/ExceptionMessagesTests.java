package io.github.evertoken.boot;

import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.Troubleshooting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests that what stops the start says where it is explained.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExceptionMessagesTests {

	private static final List<RuntimeException> EXCEPTIONS = List.of(
			new InvalidConfigurationException(List.of("evertoken.clients.inventory.base-url must be set")),
			new RequiredTokenException("inventory",
					new TransientTokenException(TokenKey.of("inventory"), "down", null)));

	@Test
	void messageThenHasTheAddressOfItsSection() {
		assertThat(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("io.github.evertoken.boot"))
			.filteredOn((type) -> type.isAssignableTo(Throwable.class)
					&& type.getPackageName().equals("io.github.evertoken.boot"))
			.extracting(JavaClass::getName)
			.containsExactlyInAnyOrderElementsOf(EXCEPTIONS.stream().map((ex) -> ex.getClass().getName()).toList());
		assertThat(EXCEPTIONS.get(0)).message().endsWith(Troubleshooting.INVALID_CONFIGURATION.reference());
		assertThat(EXCEPTIONS.get(1)).message()
			.contains(Troubleshooting.REQUIRED_TOKEN.reference())
			.endsWith(Troubleshooting.TRANSIENT_TOKEN.reference());
	}

	@Test
	void messageOfAnExceptionThatIsNotPublicThenHasAnAddressToo() {
		assertThat(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("io.github.evertoken.boot")).filteredOn((type) -> type.isAssignableTo(Throwable.class))
			.hasSizeGreaterThan(EXCEPTIONS.size())
			.allMatch((type) -> type.getDirectDependenciesFromSelf()
				.stream()
				.anyMatch((dependency) -> dependency.getTargetClass().isEquivalentTo(Troubleshooting.class)));
	}

	@Test
	void startWhenTheConfigurationIsWrongThenTheReportHasTheAddress(CapturedOutput output) {
		assertThatException().isThrownBy(() -> SpringApplication.run(Nothing.class,
				"--spring.main.web-application-type=none", "--evertoken.clients.inventory.client-id=orders"));
		assertThat(output).contains("APPLICATION FAILED TO START", "evertoken.clients.inventory",
				"See " + Troubleshooting.INVALID_CONFIGURATION.address());
	}

	@EnableAutoConfiguration
	static class Nothing {

	}

}
