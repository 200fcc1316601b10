package io.github.evertoken.boot.autoconfigure.web;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
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

	private final TestServer server = new TestServer();

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("RJ-4: a 401 without a challenge is a rejection")
	void callWhenRefusedWithoutAChallengeThenIsSentOnceMore(String connector) {
		runner(connector).run((context) -> {
			assertThat(this.server.resource(context)).isEqualTo("Bearer token-1");
			this.server.refrainFromChallenges();
			this.server.reject("Bearer token-1");
			assertThat(this.server.resource(context)).isEqualTo("Bearer token-2");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("RJ-1: the answer to the second attempt is the caller's, whole")
	void callWhenRefusedTwiceWithoutAChallengeThenTheAnswerPassesOn(String connector) {
		this.server.refrainFromChallenges();
		this.server.reject("Bearer token-1");
		this.server.reject("Bearer token-2");
		runner(connector).run((context) -> assertThatExceptionOfType(WebClientResponseException.Unauthorized.class)
			.isThrownBy(() -> this.server.resource(context))
			.satisfies((ex) -> assertThat(ex.getResponseBodyAsString()).isEqualTo("refused")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("FP-1: a client that is refused without a challenge is refused")
	void tokenWhenRefusedWithoutAChallengeThenRefused(String connector) {
		this.server.refuse();
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
			.withPropertyValues(this.server.client("inventory"));
	}

}
