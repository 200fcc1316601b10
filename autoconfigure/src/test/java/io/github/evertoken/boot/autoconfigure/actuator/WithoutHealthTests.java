package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.List;
import java.util.function.Function;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.ReducedClassPath;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.TestProperties;
import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with the actuator whose class path has no jar of Spring Boot's health.
 */
class WithoutHealthTests {

	@RegisterExtension
	private static final ReducedClassPath classPath = new ReducedClassPath(
			"org.springframework.boot.health.contributor.Health", (entry) -> entry.contains("spring-boot-health"));

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@Test
	void endpointThenShowsTheClients() throws Exception {
		assertThat(classPath.run(Application.class, TestClients.client(this.server, "inventory")))
			.isEqualTo("WELL down, renewal STARTED, removed true");
	}

	@Test
	void endpointThenShowsWhatIsSetForTheHealth() throws Exception {
		assertThat(classPath.run(Application.class, TestClients.client(this.server, "inventory", "health=up")))
			.startsWith("WELL up,");
	}

	/**
	 * Starts, asks the endpoint, and says what it has answered.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			EvertokenAutoConfiguration.class })
	public static class Application implements Function<String[], String> {

		@Override
		public String apply(String[] properties) {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.setDefaultProperties(TestProperties.of(List.of(properties)));
			try (ConfigurableApplicationContext context = application.run("--spring.main.banner-mode=off",
					"--spring.jmx.enabled=true", "--management.endpoints.jmx.exposure.include=evertoken",
					"--spring.reactor.netty.shutdown-quiet-period=100ms")) {
				EvertokenEndpoint endpoint = context.getBean(EvertokenEndpoint.class);
				ClientReport client = endpoint.client("inventory", null);
				return endpoint.overview().clients().get("inventory").condition() + " "
						+ client.settings().get("health") + ", renewal " + endpoint.renew("inventory", null).renewal()
						+ ", removed " + endpoint.remove("inventory", null).removed();
			}
		}

	}

}
