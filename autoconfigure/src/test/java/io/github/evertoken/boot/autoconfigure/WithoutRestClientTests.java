package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose class path has not the module of Spring Boot for blocking callers.
 */
@ExtendWith(OutputCaptureExtension.class)
class WithoutRestClientTests {

	@RegisterExtension
	private static final ReducedClassPath classPath = new ReducedClassPath(
			"org.springframework.boot.restclient.RestClientCustomizer",
			(entry) -> entry.contains("spring-boot-restclient"));

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private String run(Class<? extends Function<String[], String>> application) throws Exception {
		return classPath.run(application,
				Stream
					.concat(Stream.of(this.server.resourceUri() + "/items"),
							Arrays.stream(TestClients.client(this.server, "inventory")))
					.toArray(String[]::new));
	}

	@Test
	@DisplayName("BC-7: without Spring Boot's module for RestClients nothing of it is loaded")
	void requestWhenTheModuleIsNotOnTheClassPathThenHasAToken() throws Exception {
		assertThat(run(Application.class)).isEqualTo("get with access token 1");
	}

	@Test
	@DisplayName("BC-7: who wants a RestClient.Builder that nobody makes is told what to add")
	void startWhenARestClientIsWantedThenNamesTheMissingDependency(CapturedOutput output) throws Exception {
		assertThat(run(WantingApplication.class)).contains("RestClient$Builder");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("There is no RestClient.Builder bean")
			.contains("Add org.springframework.boot:spring-boot-starter-restclient");
	}

	private static String start(Class<?> application, String[] arguments) {
		SpringApplication spring = new SpringApplication(application);
		spring.setWebApplicationType(WebApplicationType.NONE);
		spring.setDefaultProperties(TestProperties.of(List.of(arguments).subList(1, arguments.length)));
		try (ConfigurableApplicationContext context = spring.run("--spring.main.banner-mode=off",
				"--spring.reactor.netty.shutdown-quiet-period=100ms")) {
			return String.valueOf(context.getBean(WebClient.Builder.class)
				.build()
				.get()
				.uri(arguments[0])
				.retrieve()
				.bodyToMono(String.class)
				.block(Duration.ofMinutes(1)));
		}
		catch (RuntimeException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	/**
	 * Starts, makes a request, and gives its answer, or the message of what stops it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			CodecsAutoConfiguration.class, WebClientAutoConfiguration.class, EvertokenAutoConfiguration.class })
	public static class Application implements Function<String[], String> {

		@Override
		public String apply(String[] arguments) {
			return start(Application.class, arguments);
		}

	}

	/**
	 * Makes a {@code RestClient}, or would.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(Application.class)
	public static class WantingApplication implements Function<String[], String> {

		@Override
		public String apply(String[] arguments) {
			return start(WantingApplication.class, arguments);
		}

		@Bean
		RestClient restClient(RestClient.Builder builder) {
			return builder.build();
		}

	}

}
