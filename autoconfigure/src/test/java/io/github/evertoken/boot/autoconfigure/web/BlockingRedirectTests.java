package io.github.evertoken.boot.autoconfigure.web;

import java.nio.charset.StandardCharsets;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for redirects of resource servers that blocking callers get, with each HTTP
 * client that Spring Boot knows.
 */
@ExtendWith(OutputCaptureExtension.class)
class BlockingRedirectTests extends RedirectingServers {

	private ApplicationContextRunner runner(String factory) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
							ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.imperative.factory=" + factory,
					"spring.reactor.netty.shutdown-quiet-period=100ms")
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("evertoken.clients.inventory.origins=http://127.0.0.1:" + this.moved.getPort());
	}

	private String call(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build().get().uri(url()).exchange((request, response) -> {
			String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
			return body.isEmpty() ? String.valueOf(response.getStatusCode().value()) : body;
		});
	}

	@ParameterizedTest
	@CsvSource({ "reactor,302,127.0.0.1", "jdk,302,127.0.0.1", "jetty,302,127.0.0.1", "http-components,302,127.0.0.1",
			"simple,302,127.0.0.1", "reactor,307,localhost", "jdk,307,localhost", "jetty,307,localhost",
			"http-components,307,localhost", "simple,307,localhost" })
	@DisplayName("SE-1: a redirect to another origin carries no token of a blocking caller")
	void callWhenRedirectedToAnotherOriginThenTheTokenStaysBehind(String factory, int status, String host) {
		redirect(status, "http://" + host + ":" + this.elsewhere.getPort() + "/stolen");
		runner(factory).run((context) -> {
			assertThat(call(context)).isIn("elsewhere", String.valueOf(status));
			assertThat(accessToken(this.moved)).isEqualTo("access token 1");
			assertThat(accessToken(this.elsewhere)).isIn("none", "not sent");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "http-components" })
	@DisplayName("SE-1: a redirect of a blocking caller within the origin is followed, with the token")
	void callWhenRedirectedWithinTheOriginThenTheTokenGoesAlong(String factory) {
		redirect(302, "/there");
		runner(factory).run((context) -> {
			assertThat(call(context)).isEqualTo("here");
			assertThat(accessToken(this.moved)).isEqualTo("access token 1");
			assertThat(accessToken(this.moved)).isEqualTo("access token 1");
		});
	}

	@Test
	@DisplayName("SE-1: where the JDK's client takes the token along, RestClients follow no redirect, and the start says so")
	void startWhenTheJdksClientTakesTheTokenAlongThenFollowsNoRedirectAndSaysSo(CapturedOutput output) {
		redirect(302, "/there");
		runner("jdk").run((context) -> {
			assertThat(call(context)).isEqualTo(SAFE ? "here" : "302");
			assertThat(output.toString().contains("RestClients and RestTemplates follow no redirects"))
				.isEqualTo(!SAFE);
		});
	}

	@Test
	@DisplayName("SE-1: redirects of blocking callers that the user has turned on stay on, with a warning")
	void startWhenTheUserHasRedirectsFollowedThenFollowsThemAndWarns(CapturedOutput output) {
		redirect(302, "/there");
		runner("jdk").withPropertyValues("spring.http.clients.redirects=follow").run((context) -> {
			assertThat(call(context)).isEqualTo("here");
			assertThat(output.toString().contains("has redirects followed")).isEqualTo(!SAFE);
		});
	}

}
