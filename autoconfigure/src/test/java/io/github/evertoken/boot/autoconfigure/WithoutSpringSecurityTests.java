package io.github.evertoken.boot.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose class path has no jar of Spring Security.
 */
class WithoutSpringSecurityTests {

	@RegisterExtension
	private static final ReducedClassPath classPath = new ReducedClassPath(
			"org.springframework.security.core.Authentication",
			(entry) -> entry.contains("spring-security") || entry.contains("boot-security"));

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@Test
	@DisplayName("Without Spring Security on the class path nothing of it is loaded")
	void requestWhenSpringSecurityIsNotOnTheClassPathThenHasAToken() throws Exception {
		assertThat(call(TestClients.client(this.server, "inventory"))).isEqualTo("get with access token 1");
	}

	@Test
	void requestWhenItIsForASubjectOrOnBehalfOfOneThenHasATokenToo(@TempDir Path directory) throws Exception {
		Path subject = Files.writeString(directory.resolve("subject"), this.server.userToken("alice"));
		assertThat(call(TestClients.client(this.server, "inventory", "grant-type=refresh_token",
				"refresh-token=" + this.server.newSession("orders", "service"), "subjects.resolve=true", "dpop=false")))
			.isEqualTo("get with access token 1");
		assertThat(call(TestClients.client(this.server, "inventory", "grant-type=token_exchange",
				"subject-token.location=" + subject.toUri())))
			.isEqualTo("get with access token 2");
	}

	@Test
	@DisplayName("CF-1: a registration that nobody can look up stops the start, with the missing dependency")
	void startWhenRegistrationIsNamedThenNamesTheMissingDependency() throws Exception {
		assertThat(call(TestClients.client(this.server, "inventory", "registration-id=shop")))
			.contains("evertoken.clients.inventory.registration-id: needs Spring Security's OAuth 2 client")
			.contains("spring-boot-starter-security-oauth2-client");
	}

	private String call(String... properties) throws Exception {
		return classPath.run(Application.class,
				Stream.concat(Stream.of(this.server.resourceUri() + "/items"), Arrays.stream(properties))
					.toArray(String[]::new));
	}

	/**
	 * Starts, makes a request with each client, and gives the answer that both have got,
	 * or the message of what stops it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
			CodecsAutoConfiguration.class, WebClientAutoConfiguration.class, RestClientAutoConfiguration.class,
			EvertokenAutoConfiguration.class })
	public static class Application implements Function<String[], String> {

		@Override
		public String apply(String[] arguments) {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.setDefaultProperties(TestProperties.of(List.of(arguments).subList(1, arguments.length)));
			try (ConfigurableApplicationContext context = application.run("--spring.main.banner-mode=off",
					"--spring.reactor.netty.shutdown-quiet-period=100ms")) {
				String reactive = String.valueOf(context.getBean(WebClient.Builder.class)
					.build()
					.get()
					.uri(arguments[0])
					.retrieve()
					.bodyToMono(String.class)
					.block(Duration.ofMinutes(1)));
				String blocking = context.getBean(RestClient.Builder.class)
					.build()
					.get()
					.uri(arguments[0])
					.retrieve()
					.body(String.class);
				return reactive.equals(blocking) ? reactive : reactive + ", but blocking " + blocking;
			}
			catch (RuntimeException ex) {
				return String.valueOf(ex.getMessage());
			}
		}

	}

}
