package io.github.evertoken.boot.autoconfigure.connection;

import java.time.Duration;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for the cookies of token requests, with each HTTP client that Spring Boot knows.
 */
class TokenRequestCookiesTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	static Stream<Arguments> connectors() {
		return Stream.of("reactor", "jdk", "jetty", "http-components")
			.flatMap((connector) -> Stream.of("", "enable-when-possible", "enable")
				// Reactor Netty cannot, and stops the start.
				.filter((handling) -> !(connector.equals("reactor") && handling.equals("enable")))
				.map((handling) -> arguments(connector, handling)));
	}

	@ParameterizedTest
	@MethodSource("connectors")
	@DisplayName("SE-2: a cookie that one token request is answered with goes out with no other")
	void tokenWhenTheEndpointSetsACookieThenItIsNotKept(String connector, String handling) {
		this.server.disturb(Fault.slow(Duration.ZERO).withHeader("Set-Cookie", "session=planted; Path=/"));
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector,
					"spring.http.clients.cookie-handling=" + handling,
					"spring.reactor.netty.shutdown-quiet-period=100ms")
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> {
				TokenManager manager = context.getBean(TokenManager.class);
				TokenKey key = TokenKey.of("inventory");
				for (int i = 0; i < 3; i++) {
					assertThat(manager.token(key).block(TIMEOUT)).isNotNull();
					manager.remove(key).block(TIMEOUT);
				}
				assertThat(this.server).receivedTokenRequests(3)
					.requests(Endpoint.TOKEN)
					.allSatisfy((request) -> assertThat(request.header("Cookie")).isNull());
			});
	}

}
