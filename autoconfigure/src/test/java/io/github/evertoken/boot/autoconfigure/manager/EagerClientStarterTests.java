package io.github.evertoken.boot.autoconfigure.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.boot.RequiredTokenException;
import io.github.evertoken.boot.autoconfigure.OwnTroubles;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.TestProperties;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
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
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link EagerClientStarter}, in an application with a web server.
 */
@ExtendWith(OutputCaptureExtension.class)
class EagerClientStarterTests {

	private static final List<String> order = new CopyOnWriteArrayList<>();

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@AfterEach
	void stopServer() {
		order.clear();
	}

	@Test
	void startWhenClientIsLazyThenAsksForNoToken() {
		try (ConfigurableApplicationContext context = start(TestClients.client(this.server, "inventory"))) {
			assertThat(context.isRunning()).isTrue();
			assertThat(this.server).receivedNoTokenRequest();
		}
	}

	@Test
	void startWhenClientStartsInTheBackgroundThenObtainsTokenInBackground() {
		this.server.disturb(Fault.hanging());
		try (ConfigurableApplicationContext context = start(
				TestClients.client(this.server, "inventory", "start=background"))) {
			assertThat(context.isRunning()).isTrue();
			Awaitility.await().untilAsserted(() -> assertThat(this.server).receivedTokenRequests(1));
		}
	}

	@Test
	void startWhenClientIsRequiredThenHasTokenBeforeRequestsAreAccepted() {
		this.server.disturb(Fault.slow(Duration.ofMillis(300)));
		start(TestClients.client(this.server, "inventory", "start=required")).close();
		assertThat(order).contains("web server with a token").doesNotContain("web server");
	}

	@Test
	void startWhenClientIsRequiredThenPublishesEventOfItsFirstToken() {
		try (ConfigurableApplicationContext context = start(
				TestClients.client(this.server, "inventory", "start=required"))) {
			Awaitility.await()
				.untilAsserted(() -> assertThat(context.getBean(Application.class).events).singleElement()
					.satisfies((event) -> assertThat(event.trigger()).isEqualTo(TokenEvent.Trigger.START)));
		}
	}

	@Test
	void startWhenTwoClientsAreRequiredThenAsksForBothAtOnce() {
		this.server.disturb(Fault.slow(Duration.ofMillis(700)));
		List<String> properties = new ArrayList<>(
				List.of(TestClients.client(this.server, "inventory", "start=required")));
		properties.addAll(List.of(TestClients.client(this.server, "billing", "start=required",
				"base-url=" + this.server.resourceUri() + "/billing")));
		try (ConfigurableApplicationContext context = start(properties.toArray(String[]::new))) {
			assertThat(context.getBean(Application.class).events).isNotNull();
			assertThat(this.server).receivedTokenRequests(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "lazy", "background" })
	@DisplayName("CF-3: an issuer that is down does not stop the start")
	void startWhenIssuerIsDownThenStarts(String when, CapturedOutput output) {
		try (ConfigurableApplicationContext context = start(TestClients.client(this.server, "inventory",
				"start=" + when, "token-uri=http://127.0.0.1:1/token", "retry.patience=0s"))) {
			assertThat(context.isRunning()).isTrue();
			if (when.equals("background")) {
				Awaitility.await()
					.untilAsserted(() -> assertThat(output)
						.contains("The first token of client 'inventory' could not be obtained at the start"));
			}
		}
		assertThat(OwnTroubles.in(output)).noneMatch((line) -> line.contains(" ERROR "));
		assertThat(output).doesNotContain("planted");
	}

	@Test
	@DisplayName("CF-3: a client that is not lazy goes on trying until it has a token, though nobody calls")
	void startWhenIssuerRefusesForAWhileThenGoesOnUntilThereIsAToken() {
		this.server.disturb(Fault.refused("invalid_client"));
		try (ConfigurableApplicationContext context = start(
				TestClients.client(this.server, "inventory", "start=background"))) {
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.server.requests(Endpoint.TOKEN)).hasSizeGreaterThan(1));
			this.server.recover();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(context.getBean(Application.class).events).hasSize(1));
		}
	}

	@Test
	@DisplayName("CF-3: an issuer that is down for less than the start time-out does not stop such a start")
	void startWhenIssuerIsBackInTimeThenStarts() {
		this.server.disturb(Fault.status(503).times(1));
		try (ConfigurableApplicationContext context = start(
				TestClients.client(this.server, "inventory", "start=required", "retry.patience=0s"))) {
			assertThat(context.isRunning()).isTrue();
			assertThat(this.server).receivedTokenRequests(2);
		}
	}

	@Test
	@DisplayName("CF-3: an issuer that is down stops the start of an application that requires it")
	void startWhenIssuerIsDownAndClientIsRequiredThenFails(CapturedOutput output) {
		assertStartFails(output, "No access token for client 'inventory' (transient)",
				"token-uri=http://127.0.0.1:1/token");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("evertoken.clients.inventory.start is 'required'")
			.contains(", but: no token came within the start-timeout of PT1S; the log has what failed meanwhile")
			.contains("or set evertoken.clients.inventory.start to 'background'")
			.doesNotContain("planted");
		assertThat(order).doesNotContain("web server", "web server with a token");
	}

	@Test
	@DisplayName("CF-3: an issuer that hangs stops such a start after the start time-out")
	void startWhenIssuerHangsAndClientIsRequiredThenFailsInTime(CapturedOutput output) {
		this.server.disturb(Fault.hanging());
		assertStartFails(output, "response-timeout of 300 ms", "response-timeout=300ms");
		assertThat(output).contains(", but: no token came within the start-timeout of PT1S");
	}

	@Test
	@DisplayName("CF-3: an issuer that is down stops the start of an application that requires it")
	void startWhenPatienceIsOverBeforeTheTimeIsThenFailsWithTheReason(CapturedOutput output) {
		assertStartFails(output, ", but: No access token for client 'inventory' (transient): the token endpoint",
				"token-uri=http://127.0.0.1:1/token", "retry.patience=0s");
		assertThat(output).containsPattern("the token endpoint .* could not be reached");
	}

	/**
	 * On a machine that stands still, a second is over before the first attempt is.
	 */
	private void assertStartFails(CapturedOutput output, String reason, String... properties) {
		List<String> timeouts = List.of("1s", "1m");
		for (int i = 0; i < timeouts.size() && !output.toString().contains(reason); i++) {
			List<String> all = new ArrayList<>(List.of(properties));
			all.addAll(List.of("start=required", "start-timeout=" + timeouts.get(i)));
			assertThatException()
				.isThrownBy(() -> start(TestClients.client(this.server, "inventory", all.toArray(String[]::new))));
		}
		assertThat(output).contains(reason);
	}

	@Test
	@DisplayName("CF-3: an issuer that refuses the client stops such a start")
	void startWhenIssuerRefusesAndClientIsRequiredThenFails() {
		this.server.disturb(Fault.refused("invalid_client"));
		assertThatException().isThrownBy(() -> start(TestClients.client(this.server, "inventory", "start=required")))
			.havingCause()
			.isInstanceOf(RequiredTokenException.class)
			.withCauseInstanceOf(TokenRefusedException.class);
	}

	private ConfigurableApplicationContext start(String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		List<String> all = new ArrayList<>(Arrays.asList(properties));
		all.add("server.port=0");
		all.add("spring.main.banner-mode=off");
		all.add("spring.reactor.netty.shutdown-quiet-period=100ms");
		all.add("logging.level.root=warn");
		all.add("logging.level.io.github.evertoken=info");
		application.setDefaultProperties(TestProperties.of(all));
		return application.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final List<TokenEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(TokenEvent.Issued event) {
			this.events.add(event);
			order.add("token");
		}

		/**
		 * Events come on another thread and may be late; what the key holds is not.
		 */
		@EventListener
		void on(WebServerInitializedEvent event) {
			boolean held = event.getApplicationContext()
				.getBean(DefaultTokenManager.class)
				.lifecycle(TokenKey.of("inventory"))
				.usable() != null;
			order.add(held ? "web server with a token" : "web server");
		}

	}

}
