package io.github.evertoken.boot.autoconfigure.web;

import java.time.Duration;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for redirects of resource servers, with each HTTP client that Spring Boot knows.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedirectTests extends RedirectingServers {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private ApplicationContextRunner runner(String connector) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
							ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector,
					"spring.reactor.netty.shutdown-quiet-period=100ms")
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("evertoken.clients.inventory.origins=http://127.0.0.1:" + this.moved.getPort());
	}

	private String call(ApplicationContext context) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(url())
			.exchangeToMono((response) -> response.bodyToMono(String.class)
				.defaultIfEmpty(String.valueOf(response.statusCode().value())))
			.block(TIMEOUT);
	}

	@ParameterizedTest
	@CsvSource({ "reactor,302,127.0.0.1", "jdk,302,127.0.0.1", "jetty,302,127.0.0.1", "http-components,302,127.0.0.1",
			"reactor,307,localhost", "jdk,307,localhost", "jetty,307,localhost", "http-components,307,localhost" })
	@DisplayName("SE-1: a redirect to another origin carries no token")
	void callWhenRedirectedToAnotherOriginThenTheTokenStaysBehind(String connector, int status, String host) {
		redirect(status, "http://" + host + ":" + this.elsewhere.getPort() + "/stolen");
		runner(connector).run((context) -> {
			assertThat(call(context)).isIn("elsewhere", String.valueOf(status));
			assertThat(accessToken(this.moved)).isEqualTo("access token 1");
			assertThat(accessToken(this.elsewhere)).isIn("none", "not sent");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "http-components" })
	@DisplayName("SE-1: a redirect within the origin is followed, with the token")
	void callWhenRedirectedWithinTheOriginThenTheTokenGoesAlong(String connector) {
		redirect(302, "/there");
		runner(connector).run((context) -> {
			assertThat(call(context)).isEqualTo("here");
			assertThat(accessToken(this.moved)).isEqualTo("access token 1");
			assertThat(accessToken(this.moved)).isEqualTo("access token 1");
		});
	}

	@Test
	@DisplayName("SE-1: where the JDK's client takes the token along, redirects are off, and the start says so")
	void startWhenTheJdksClientTakesTheTokenAlongThenFollowsNoRedirectAndSaysSo(CapturedOutput output) {
		redirect(302, "/there");
		runner("jdk").run((context) -> {
			assertThat(call(context)).isEqualTo(SAFE ? "here" : "302");
			assertThat(output.toString().contains("WebClients follow no redirects")).isEqualTo(!SAFE);
			assertThat(output.toString().contains("spring.http.clients.redirects to 'follow'")).isEqualTo(!SAFE);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.http.clients.redirects=follow",
			"spring.http.clients.redirects=follow-when-possible", "spring.http.serviceclient.stock.redirects=follow" })
	@DisplayName("SE-1: redirects that the user has turned on stay on, with a warning")
	void startWhenTheUserHasRedirectsFollowedThenFollowsThemAndWarns(String property, CapturedOutput output) {
		redirect(302, "/there");
		runner("jdk").withPropertyValues(property).run((context) -> {
			assertThat(call(context)).isEqualTo("here");
			assertThat(output.toString()
				.lines()
				.filter((line) -> line.contains("WARN") && line.contains(property.substring(0, property.indexOf('=')))))
				.hasSize(SAFE ? 0 : 1);
		});
	}

	@Test
	void startWhenRedirectsAreOffThenNothingIsSaid(CapturedOutput output) {
		runner("jdk").withPropertyValues("spring.http.clients.redirects=dont-follow")
			.run((context) -> assertThat(output).doesNotContain("redirects"));
	}

	@Test
	@DisplayName("SE-1: a builder of the user's own is seen to as well")
	void callWhenTheBuilderIsTheUsersOwnThenTheTokenStaysBehind() {
		redirect(302, "http://localhost:" + this.elsewhere.getPort() + "/stolen");
		runner("reactor").withBean(ClientHttpConnectorBuilder.class, ClientHttpConnectorBuilder::jdk).run((context) -> {
			call(context);
			assertThat(accessToken(this.moved)).isEqualTo("access token 1");
			assertThat(accessToken(this.elsewhere)).isIn("none", "not sent");
		});
	}

	@Test
	void postProcessWhenTheJdkIsNewOrThereIsNoClientThenLeavesTheBuilderAlone() {
		JdkClientHttpConnectorBuilder builder = ClientHttpConnectorBuilder.jdk();
		assertThat(postProcess(builder, true, 25)).isSameAs(builder);
		assertThat(postProcess(builder, false, 24)).isSameAs(builder);
		assertThat(postProcess(builder, true, 24)).isNotSameAs(builder);
	}

	private static Object postProcess(JdkClientHttpConnectorBuilder builder, boolean hasClients, int javaVersion) {
		return new JdkRedirectsPostProcessor(new StaticListableBeanFactory().getBeanProvider(HttpClientSettings.class),
				new MockEnvironment(), () -> hasClients, false, javaVersion)
			.postProcessAfterInitialization(builder, "any");
	}

	@Test
	@DisplayName("CF-2: where there is no client, the JDK's client follows redirects as before")
	void callWhenThereIsNoClientThenRedirectsAreFollowed(CapturedOutput output) {
		redirect(302, "/there");
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
							ReactiveHttpClientAutoConfiguration.class, WebClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.reactive.connector=jdk")
			.run((context) -> {
				assertThat(call(context)).isEqualTo("here");
				assertThat(output).doesNotContain("redirects");
			});
	}

}
