package io.github.evertoken.boot.autoconfigure.diagnostics;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.EvertokenDisabledAutoConfiguration;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link ReplacedManagerFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReplacedManagerFailureAnalyzerTests {

	@ParameterizedTest
	@ValueSource(classes = { ByType.class, ByName.class })
	void startWhenADecoratorIsDeclaredAsAManagerThenSaysWhichTypeToDeclare(Class<?> decorated, CapturedOutput output) {
		fails(decorated, true);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("the bean 'audited' is declared as a TokenManager, and so takes its place")
			.contains("extend DelegatingTokenManager, and declare that class as the type that its @Bean method returns")
			.contains("#replaced-manager");
	}

	@Test
	void startWhenSwitchedOffThenThatIsSaid(CapturedOutput output) {
		fails(ByType.class, false);
		assertThat(output).contains("but evertoken.enabled is 'false'").doesNotContain("takes its place");
	}

	@Test
	void startWhenAnotherBeanIsMissingThenLeavesItToSpringBoot(CapturedOutput output) {
		fails(NeedsSomethingElse.class, true);
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("takes its place");
	}

	private static void fails(Class<?> configuration, boolean enabled) {
		SpringApplication application = new SpringApplication(Application.class, configuration);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(
				() -> application.run("--spring.main.banner-mode=off", "--evertoken.enabled=" + enabled).close());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EvertokenAutoConfiguration.class, EvertokenDisabledAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class ByType {

		@Bean
		TokenManager audited(DefaultTokenManager manager) {
			return new Audited(manager);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByName {

		@Bean
		TokenManager audited(@Qualifier("evertokenTokenManager") TokenManager manager) {
			return new Audited(manager);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsSomethingElse {

		@Bean
		TokenManager audited(Runnable missing) {
			throw new IllegalStateException();
		}

	}

	private static final class Audited extends DelegatingTokenManager {

		private Audited(TokenManager manager) {
			super(manager);
		}

	}

}
