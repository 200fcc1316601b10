package io.github.evertoken.boot.autoconfigure.manager;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What the start of an application does not pay for. A JVM of its own tells which classes
 * it loads: that, unlike time, is the same on every machine.
 */
class StartCostTests {

	private static final String READY = "The application is ready";

	private static final String CACHE = "com.github.benmanes.caffeine.cache.Caffeine ";

	private static final String OPERATOR = "reactor.core.publisher.FluxMap ";

	private static final String NAMES = "io.github.evertoken.boot.autoconfigure.diagnostics.KnownProperties$Names ";

	@Test
	void startWhenAClientIsConfiguredThenLoadsNeitherTheCacheNorTheOperatorsNorTheNamesOfAllProperties()
			throws Exception {
		String output = classesLoadedBy(Application.class);
		assertThat(output).contains(READY);
		String start = output.substring(0, output.indexOf(READY));
		assertThat(start).contains("io.github.evertoken.lifecycle.DefaultTokenManager ")
			.contains(TokenEventPublisher.class.getName() + " ");
		assertThat(start).doesNotContain(CACHE).doesNotContain(OPERATOR).doesNotContain(NAMES);
		assertThatNoException().isThrownBy(() -> Class.forName(NAMES.strip()));
	}

	@Test
	void startWhenSomebodySubscribesToTheEventsThenLoadsTheOperators() throws Exception {
		String output = classesLoadedBy(EagerApplication.class);
		assertThat(output.substring(0, output.indexOf(READY))).contains(OPERATOR);
	}

	private static String classesLoadedBy(Class<?> main) throws Exception {
		Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Xlog:class+load:stdout", "-cp", System.getProperty("java.class.path"),
				main.getName(), "--evertoken.clients.inventory.base-url=https://inventory.internal",
				"--evertoken.clients.inventory.token-uri=https://idp.internal/token",
				"--evertoken.clients.inventory.client-id=orders",
				"--evertoken.clients.inventory.client-secret=not-used"))
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

	private static ConfigurableApplicationContext start(String[] arguments) {
		SpringApplication application = new SpringApplication(Imported.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(arguments);
	}

	static final class Application {

		public static void main(String[] arguments) {
			ConfigurableApplicationContext context = start(arguments);
			System.out.println(READY);
			context.close();
		}

	}

	/**
	 * Shows that the names above are those of classes that would be seen.
	 */
	static final class EagerApplication {

		public static void main(String[] arguments) {
			try (ConfigurableApplicationContext context = start(arguments)) {
				context.getBean(TokenManager.class).events().subscribe();
				System.out.println(READY);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class })
	static class Imported {

	}

}
