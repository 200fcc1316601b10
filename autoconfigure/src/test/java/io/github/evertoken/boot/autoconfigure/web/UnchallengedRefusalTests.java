package io.github.evertoken.boot.autoconfigure.web;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a 401 without {@code WWW-Authenticate}, with each HTTP client that Spring
 * Boot knows.
 */
class UnchallengedRefusalTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("RJ-4: a 401 without a challenge is a rejection")
	void callWhenRefusedWithoutAChallengeThenIsSentOnceMore(String connector) {
		runner(connector).run((context) -> {
			assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token 1");
			this.server.disturb(TestClients.unchallengedRejection().times(1));
			assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token 2");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("RJ-1: the answer to the second attempt is the caller's, whole")
	void callWhenRefusedTwiceWithoutAChallengeThenTheAnswerPassesOn(String connector) {
		this.server.disturb(TestClients.unchallengedRejection());
		runner(connector).run((context) -> assertThatExceptionOfType(WebClientResponseException.Unauthorized.class)
			.isThrownBy(() -> TestClients.resource(this.server, context))
			.satisfies((ex) -> assertThat(ex.getResponseBodyAsString()).isEqualTo("refused")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("FP-1: a client that is refused without a challenge is refused")
	void tokenWhenRefusedWithoutAChallengeThenRefused(String connector) {
		this.server.disturb(Fault.refused("invalid_client"));
		runner(connector).run((context) -> {
			TokenManager manager = context.getBean(TokenManager.class);
			assertThatExceptionOfType(TokenRefusedException.class)
				.isThrownBy(() -> manager.token(TokenKey.of("inventory")).block(TIMEOUT))
				.withMessageContaining("invalid_client");
		});
	}

	private ApplicationContextRunner runner(String connector) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector)
			.withPropertyValues(TestClients.client(this.server, "inventory"));
	}

}
