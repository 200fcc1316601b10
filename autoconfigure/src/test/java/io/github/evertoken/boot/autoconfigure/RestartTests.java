package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the end of an application, and for the next one in the same JVM.
 */
@ExtendWith(OutputCaptureExtension.class)
class RestartTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@Test
	@DisplayName("RN-6: a restarted context starts clean")
	void contextWhenClosedAndStartedAgainThenSendsTokens(CapturedOutput output) {
		for (int i = 1; i <= 3; i++) {
			try (ConfigurableApplicationContext context = start("reactor")) {
				assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token " + i);
			}
		}
		assertThat(OwnTroubles.in(output)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk" })
	@DisplayName("RN-6: nothing is logged as an error because the application ends")
	void contextWhenClosedInTheMiddleOfAFlightThenLogsNothing(String connector, CapturedOutput output) {
		this.server.disturb(Fault.hanging());
		try (ConfigurableApplicationContext context = start(connector)) {
			context.getBean(TokenManager.class).token(TokenKey.of("inventory")).subscribe((token) -> {
			}, (ex) -> {
			});
			Awaitility.await().untilAsserted(() -> assertThat(this.server).receivedTokenRequests(1));
		}
		assertThat(OwnTroubles.in(output)).isEmpty();
	}

	@Test
	@DisplayName("RN-6: a context that is only stopped, with a connector that survives it, keeps its tokens for when it is started again")
	void contextWhenStoppedAndStartedThenKeepsItsTokens() {
		try (ConfigurableApplicationContext context = start("jdk")) {
			TokenManager manager = context.getBean(TokenManager.class);
			String first = manager.token(TokenKey.of("inventory")).block(TIMEOUT).value();
			context.stop();
			context.start();
			assertThat(manager.token(TokenKey.of("inventory")).block(TIMEOUT).value()).isEqualTo(first);
			manager.remove(TokenKey.of("inventory")).block(TIMEOUT);
			assertThat(manager.token(TokenKey.of("inventory")).block(TIMEOUT).value()).isNotEqualTo(first);
			assertThat(this.server).receivedTokenRequests(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk" })
	@DisplayName("RN-6: revoking at the end is the end too")
	void contextWhenClosedThenRevokesTheTokensOfClientsThatSaySo(String connector, CapturedOutput output) {
		String session = this.server.newSession("orders", "alice");
		String accessToken;
		try (ConfigurableApplicationContext context = start(connector, "revocation-uri=" + this.server.revocationUri(),
				"revoke-on-shutdown=true")) {
			TokenManager manager = context.getBean(TokenManager.class);
			accessToken = manager.token(TokenKey.of("inventory")).block(TIMEOUT).value();
			manager.put(TokenKey.of("inventory", "alice"), TokenSet.withRefreshToken(session).build()).block(TIMEOUT);
			assertThat(this.server).receivedRevocations(0);
		}
		assertThat(this.server).receivedTokenRequests(1).endedSessions(1);
		assertThat(this.server.requests(Endpoint.REVOCATION)).extracting((request) -> request.parameter("token"))
			.containsExactlyInAnyOrder(accessToken, session);
		assertThat(OwnTroubles.in(output)).isEmpty();
	}

	@Test
	void contextWhenClosedAndServerRefusesToRevokeThenSaysSoAndEnds(CapturedOutput output) {
		String accessToken;
		try (ConfigurableApplicationContext context = start("jdk", "revocation-uri=" + this.server.revocationUri(),
				"revoke-on-shutdown=true")) {
			accessToken = context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT).value();
			this.server.disturb(Fault.refused("invalid_client").at(Endpoint.REVOCATION));
		}
		assertThat(OwnTroubles.in(output)).singleElement()
			.asString()
			.contains("WARN", "could not be revoked", "invalid_client");
		assertThat(output).doesNotContain(accessToken);
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk" })
	void flightWhenItTimesOutThenLogsNoError(String connector, CapturedOutput output) {
		this.server.disturb(Fault.hanging());
		try (ConfigurableApplicationContext context = start(connector, "response-timeout=200ms", "retry.patience=0s")) {
			assertThat(context.getBean(TokenManager.class)
				.token(TokenKey.of("inventory"))
				.materialize()
				.block(TIMEOUT)
				.getThrowable()).hasMessageContaining("response-timeout of 200 ms");
		}
		assertThat(OwnTroubles.in(output)).noneMatch((line) -> line.contains(" ERROR "));
	}

	private ConfigurableApplicationContext start(String connector, String... more) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		List<String> properties = Stream.concat(Arrays.stream(TestClients.client(this.server, "inventory", more)),
				Stream.of("spring.main.banner-mode=off", "spring.reactor.netty.shutdown-quiet-period=100ms",
						"spring.http.clients.reactive.connector=" + connector))
			.toList();
		application.setDefaultProperties(TestProperties.of(properties));
		return application.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
