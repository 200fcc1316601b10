package io.github.evertoken.boot.autoconfigure.actuator;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Searches all that the endpoint and the health answer, over HTTP and JMX, for secrets
 * that were planted in the configuration, in tokens and in what servers say.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointSecretsTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final String token = Jwts.token();

	private final String[] client = TestClients.client(this.server, "inventory", "parameters.pin=planted-parameter",
			"headers.X-Api-Key=planted-header", "scope=inventory.read",
			"revocation-uri=https://idp.internal/revoke?key=planted-query");

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void answersOverHttpThenHaveNoSecretInThem(WebApplicationType type) {
		this.server.disturb(Jwts.answer(this.token));
		try (ActuatorApplication application = start(type)) {
			use(application);
			List<String> answers = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				answers.add(application.get("/evertoken").body());
				answers.add(application.get("/evertoken/inventory?subject=alice").body());
				answers.add(application.get("/health").body());
				answers.add(application.post("/evertoken/inventory", "{}").body());
				answers.add(application.post("/evertoken/inventory", "{\"subject\":\"alice\"}").body());
				answers.add(application.get("/evertoken/else").body());
				fail(application);
			}
			answers.add(application.delete("/evertoken/inventory?subject=alice").body());
			answers.add(application.delete("/evertoken/inventory").body());
			check(answers);
		}
	}

	@Test
	void answersOverJmxThenSayTheSameAndHaveNoSecretInThem() throws Exception {
		this.server.disturb(Jwts.answer(this.token));
		try (ActuatorApplication application = start(WebApplicationType.REACTIVE, "spring.jmx.enabled=true",
				"management.endpoints.jmx.exposure.include=evertoken",
				"management.endpoints.jmx.domain=io.github.evertoken.test")) {
			use(application);
			assertThat(operations()).containsExactlyInAnyOrder("overview", "client", "renew", "remove");
			List<String> answers = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				answers.add(jmx("overview").toString());
				answers.add(jmx("client", "inventory", "alice").toString());
				answers.add(jmx("renew", "inventory", null).toString());
				fail(application);
			}
			assertThat(answers.get(0)).contains("phase=FRESH");
			assertThat(answers.get(1)).contains("format=jwt").contains("https://idp.internal");
			assertThat(answers.get(2)).contains("renewal=STARTED");
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> jmx("client", "else", null))
				.withMessageContaining("[inventory]");
			assertThat((Map<?, ?>) jmx("remove", "inventory", "alice")).extracting("removed").isEqualTo(true);
			check(answers);
		}
	}

	/**
	 * A life with a rejection, a refusal that quotes what it was sent, a revocation and
	 * an end, and all that is said meanwhile.
	 */
	@Test
	void lifeThenIsToldByEventsMetricsAndTheLogWithoutASecretToo(CapturedOutput output) {
		this.server.disturb(Jwts.answer(this.token));
		List<String> answers = new ArrayList<>();
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE, Listening.class,
				this.client, "logging.level.io.github.evertoken=debug",
				"management.endpoints.web.exposure.include=evertoken,health,prometheus")) {
			use(application);
			answers.add(application.get("/evertoken/inventory?subject=alice").body());
			assertThatExceptionOfType(WebClientResponseException.Unauthorized.class)
				.isThrownBy(() -> TestClients.resource(this.server, application.context()));
			fail(application);
			answers.add(application.get("/evertoken/inventory?subject=alice").body());
			answers.add(application.get("/health").body());
			answers.add(application.get("/prometheus").body());
			application.manager().revoke(ALICE).onErrorComplete().block();
			Listening listening = application.context().getBean(Listening.class);
			assertThat(listening.events).anyMatch(TokenEvent.Rejected.class::isInstance)
				.anyMatch(TokenEvent.IssueFailed.class::isInstance)
				.anyMatch(TokenEvent.Removed.class::isInstance);
			listening.events.forEach((event) -> answers.add(told(event)));
		}
		answers.add(output.getAll());
		assertThat(answers).anyMatch((answer) -> answer.contains("evertoken_flight_seconds"));
		check(answers);
	}

	private static String told(TokenEvent event) {
		String told = event.toString();
		if (event instanceof TokenEvent.Rejected rejected) {
			return told + rejected.diagnosis();
		}
		return (event instanceof TokenEvent.IssueFailed failed)
				? told + failed.failure() + failed.failure().errorDescription() : told;
	}

	private ActuatorApplication start(WebApplicationType type, String... more) {
		return ActuatorApplication.start(type, this.client, more);
	}

	private static void use(ActuatorApplication application) {
		application.token(SERVICE);
		application.put(ALICE,
				TokenSet.withAccessToken("planted-access-token").refreshToken("planted-refresh-token-2").build());
		application.token(ALICE);
	}

	/**
	 * Let the server send secrets back, as some do.
	 */
	private void fail(ActuatorApplication application) {
		this.server.disturb(TestClients.json(400, "{\"error\":\"invalid_request\",\"error_description\":\""
				+ "you sent planted-secret with planted-parameter and " + this.token + "\"}"));
		application.manager().remove(SERVICE).block();
		application.token(SERVICE);
		await().until(() -> application.get("/evertoken/inventory").body().contains("invalid_request"));
	}

	private void check(List<String> answers) {
		for (String answer : answers) {
			assertThat(answer).isNotEmpty().doesNotContain("planted").doesNotContain(Jwts.SIGNATURE);
			assertThat(this.token.split("\\.")).noneMatch(answer::contains);
		}
		assertThat(String.join("", answers)).as("what is searched").contains("FRESH").contains("FAILING");
	}

	private static List<String> operations() throws Exception {
		return List.of(server().getMBeanInfo(name()).getOperations())
			.stream()
			.map(MBeanOperationInfo::getName)
			.toList();
	}

	private static Object jmx(String operation, Object... arguments) throws Exception {
		String[] signature = new String[arguments.length];
		Arrays.fill(signature, String.class.getName());
		return Objects.requireNonNull(server().invoke(name(), operation, arguments, signature));
	}

	private static MBeanServer server() {
		return ManagementFactory.getPlatformMBeanServer();
	}

	private static ObjectName name() throws Exception {
		Set<ObjectName> names = server()
			.queryNames(new ObjectName("io.github.evertoken.test:type=Endpoint,name=Evertoken,*"), null);
		return names.iterator().next();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Listening {

		private final List<TokenEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(TokenEvent event) {
			this.events.add(event);
		}

	}

}
