package io.github.evertoken.boot.autoconfigure.diagnostics;

import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.EvertokenDisabledAutoConfiguration;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link DisabledFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DisabledFailureAnalyzerTests {

	@Test
	void startWhenDisabledAndABeanOfEvertokensIsNeededThenSaysWhyItIsMissing(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(NeedsFilter.class, false).close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("TokenExchangeFilterFunction' is needed by the bean 'needy', but evertoken.enabled is 'false'")
			.contains("Set evertoken.enabled to 'true'")
			.contains("ObjectProvider");
	}

	@Test
	void startWhenDisabledAndAnotherBeanIsMissingThenLeavesItToSpringBoot(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(NeedsSomethingElse.class, false).close());
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("evertoken.enabled");
	}

	@Test
	void startWhenEnabledAndABeanIsMissingThenLeavesItToSpringBoot(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(NeedsSomethingElse.class, true).close());
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("evertoken.enabled");
	}

	@Test
	void startWhenDisabledAndTheTokenManagerIsNeededThenStarts() {
		try (ConfigurableApplicationContext context = start(NeedsTokenManager.class, false)) {
			assertThat(context.getBean("needy")).isEqualTo("started");
		}
	}

	private static ConfigurableApplicationContext start(Class<?> configuration, boolean enabled) {
		SpringApplication application = new SpringApplication(Application.class, configuration);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run("--spring.main.banner-mode=off", "--evertoken.enabled=" + enabled);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EvertokenAutoConfiguration.class, EvertokenDisabledAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsFilter {

		@Bean
		String needy(TokenExchangeFilterFunction filter) {
			return "started";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsTokenManager {

		@Bean
		String needy(TokenManager manager) {
			return "started";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsSomethingElse {

		@Bean
		String needy(Runnable missing) {
			return "started";
		}

	}

}
