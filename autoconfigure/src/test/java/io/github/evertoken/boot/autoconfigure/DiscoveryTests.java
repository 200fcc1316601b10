package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.stream.Stream;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for clients with an {@code issuer-uri}.
 */
class DiscoveryTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@Test
	@DisplayName("CF-3: nobody is asked at the start, and one asks for all at the first flight")
	void tokenWhenIssuerUriIsSetThenTheEndpointIsDiscoveredOnceWhenItIsNeeded() {
		runner("grant-type=refresh_token", "issuer-uri=" + this.server.issuer()).run((context) -> {
			assertThat(this.server.requests(Endpoint.METADATA)).isEmpty();
			TokenManager manager = context.getBean(TokenManager.class);
			Flux.range(0, 5)
				.flatMap((i) -> manager
					.put(key(i), TokenSet.withRefreshToken(this.server.newSession("orders", "subject-" + i)).build())
					.then(manager.token(key(i))))
				.blockLast(TIMEOUT);
			assertThat(this.server).receivedTokenRequests(5);
			assertThat(this.server.requests(Endpoint.METADATA)).hasSize(1);
		});
	}

	@Test
	@DisplayName("SF-4: the flight is bounded, its discovery included")
	void tokenWhenDiscoveryHangsThenFlightEndsAtTheResponseTimeout() {
		this.server.disturb(Fault.hanging().at(Endpoint.METADATA));
		runner("issuer-uri=" + this.server.issuer(), "response-timeout=300ms", "retry.initial-backoff=1ms",
				"retry.patience=0s")
			.run((context) -> {
				assertThat(failure(context)).isInstanceOf(TransientTokenException.class);
				this.server.recover();
				assertThat(context.getBean(TokenManager.class)
					.token(TokenKey.of("inventory"))
					.retryWhen(Retry.fixedDelay(100, Duration.ofMillis(20)))
					.block(TIMEOUT)).isNotNull();
			});
	}

	@Test
	@DisplayName("FP-1: an issuer that is another is refused")
	void tokenWhenIssuerIsAnotherThenRefusedWithTheProperty() {
		runner("issuer-uri=" + this.server.issuer() + "/").run((context) -> {
			TokenException ex = failure(context);
			assertThat(ex).isInstanceOf(TokenRefusedException.class);
			assertThat(ex.reason()).contains("issuer-uri is '" + this.server.issuer() + "/" + "'")
				.contains("names the issuer '" + this.server.issuer() + "'");
			assertThat(this.server).receivedNoTokenRequest();
		});
	}

	@Test
	@DisplayName("FP-1: metadata without a token endpoint is refused")
	void tokenWhenTheMetadataHasNoTokenEndpointThenRefusedWithTheProperty() {
		this.server
			.disturb(TestClients.json(200, "{\"issuer\":\"" + this.server.issuer() + "\"}").at(Endpoint.METADATA));
		runner("issuer-uri=" + this.server.issuer()).run((context) -> {
			TokenException ex = failure(context);
			assertThat(ex).isInstanceOf(TokenRefusedException.class).hasNoCause();
			assertThat(ex.reason()).contains("issuer-uri is '" + this.server.issuer() + "'")
				.contains("/.well-known/openid-configuration has no token_endpoint");
			assertThat(this.server).receivedNoTokenRequest();
		});
	}

	@Test
	void tokenWhenTokenUriIsSetTooThenItIsAskedAndNothingIsDiscovered() {
		try (AuthorizationServer own = TestClients.server()) {
			runner("issuer-uri=" + this.server.issuer(), "token-uri=" + own.tokenUri()).run((context) -> {
				context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
				assertThat(own).receivedTokenRequests(1);
				assertThat(this.server.requests()).isEmpty();
			});
		}
	}

	private ApplicationContextRunner runner(String... properties) {
		Stream<String> own = Stream.of("base-url=" + this.server.resourceUri(), "client-id=orders",
				"client-secret=planted-secret", "response-timeout=30s", "max-wait=30s");
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class))
			.withPropertyValues(Stream.concat(own, Stream.of(properties))
				.map((property) -> "evertoken.clients.inventory." + property)
				.toArray(String[]::new));
	}

	private static TokenKey key(int i) {
		return TokenKey.of("inventory", "subject-" + i);
	}

	private static TokenException failure(ApplicationContext context) {
		return catchThrowableOfType(TokenException.class,
				() -> context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT));
	}

}
