package io.github.evertoken.boot.autoconfigure.actuator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.advice.AdvisedClient;
import io.github.evertoken.advice.Advisor;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Fault;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the advice at the endpoint and in the log: in one application, each client
 * has another trouble. So it has servers of its own, which answer each client otherwise,
 * down to what their clocks say.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointAdviceTests {

	private static final List<String> CLIENTS = List.of("healthy", "long", "short", "unknown", "session", "skewed",
			"plain", "clock", "wasteful", "crowded", "ended", "foreign", "place", "revoked", "secret", "tree");

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final MockWebServer server = new MockWebServer();

	private final AtomicInteger tokens = new AtomicInteger();

	private final Map<String, Integer> uses = new ConcurrentHashMap<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void serve() throws IOException {
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				String[] path = request.getTarget().split("/");
				return path[1].equals("token") ? token(path[2])
						: resource(path[2], request.getTarget(), request.getHeaders().get("Authorization"));
			}
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private MockResponse token(String client) {
		String lifetime = switch (client) {
			case "long" -> "\"expires_in\":7200,";
			case "short" -> "\"expires_in\":10,";
			case "unknown" -> "";
			case "session" -> "\"expires_in\":300,\"refresh_token\":\"planted-refresh\",\"refresh_expires_in\":1800,";
			default -> "\"expires_in\":3600,";
		};
		Instant date = Instant.now().plusSeconds(client.equals("skewed") ? 65 : 0);
		return new MockResponse.Builder().addHeader("Content-Type", "application/json")
			.addHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atZone(ZoneOffset.UTC)))
			.body("{" + lifetime + "\"token_type\":\"Bearer\",\"access_token\":\"planted-token-"
					+ this.tokens.incrementAndGet() + "\"}")
			.build();
	}

	private MockResponse resource(String client, String path, String authorization) {
		int use = this.uses.merge(authorization, 1, Integer::sum);
		boolean refused = switch (client) {
			case "foreign" -> true;
			case "place" -> path.endsWith("/bad");
			case "revoked" -> use > 2;
			case "clock" -> this.uses.merge("clock", 1, Integer::sum) == 1;
			default -> false;
		};
		Instant date = Instant.now().plusSeconds(client.equals("clock") ? 65 : 0);
		return refused ? new MockResponse.Builder().code(401)
			.addHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atZone(ZoneOffset.UTC)))
			.addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
			.build() : new MockResponse.Builder().build();
	}

	@Test
	@DisplayName("OB-60: each client gets the advice that fits, and a healthy one none; OB-61; OB-62: one line each")
	void adviceThenIsGivenOfEachClientAtTheEndpointAndOnceInTheLog(CapturedOutput output) throws IOException {
		try (ActuatorApplication application = start()) {
			happen(application);
			await().untilAsserted(() -> assertThat(advice(application))
				.isEqualTo(Map.ofEntries(Map.entry("clock", "clock-skew"), Map.entry("crowded", "subjects-forgotten"),
						Map.entry("ended", "no-refresh-token"), Map.entry("foreign", "fresh-token-refused"),
						Map.entry("long", "long-lived-token"), Map.entry("place", "path-refused"),
						Map.entry("plain", "plain-http"), Map.entry("revoked", "renewal-by-rejection"),
						Map.entry("secret", "plain-secret"), Map.entry("session", "refresh-token-lifetime"),
						Map.entry("short", "short-lived-token"), Map.entry("skewed", "clock-skew"),
						Map.entry("unknown", "unknown-lifetime"), Map.entry("wasteful", "too-many-requests"))));
			JsonNode place = ActuatorApplication.json(application.get("/evertoken/place")).at("/advice");
			assertThat(place).hasSize(1);
			assertThat(place.at("/0/text").asString()).contains("client 'place'")
				.contains("http://127.0.0.1:" + this.server.getPort())
				.doesNotContain("/bad");
			assertThat(place.at("/0/link").asString()).endsWith("docs/advice.md#path-refused");
			assertThat(place.at("/0/since/words").asString()).isNotBlank();
			assertThat(Instant.parse(place.at("/0/since/at").asString())).isBeforeOrEqualTo(Instant.now());
			assertThat(application.get("/evertoken/clock").body())
				.contains("The clock of the resource server http://127.0.0.1:" + this.server.getPort())
				.contains("of client 'clock' is 1 min");
			JsonNode healthy = ActuatorApplication.json(application.get("/evertoken/healthy")).at("/advice");
			assertThat(healthy.isArray()).isTrue();
			assertThat(healthy).isEmpty();
			happen(application);
			assertThat(application.get("/evertoken").body()).doesNotContain("planted");
		}
		List<String> lines = output.toString().lines().filter((line) -> line.contains("docs/advice.md#")).toList();
		// The start warns of each property with http itself.
		assertThat(lines).hasSize(13).doesNotHaveDuplicates();
		assertThat(lines).noneMatch((line) -> line.contains("healthy") || line.contains("planted"));
		assertThat(output.toString().lines().filter((line) -> line.contains("go over the network unencrypted")))
			.hasSize(1);
	}

	@Test
	@DisplayName("OB-62: a rule that is silenced says nothing")
	void adviceWhenItsRuleIsSilencedThenIsNone(CapturedOutput output) throws IOException {
		try (ActuatorApplication application = start(
				"evertoken.advice.silenced=plain-secret,plain-http,long-lived-token")) {
			application.token(TokenKey.of("long"));
			assertThat(advice(application)).isEmpty();
		}
		assertThat(output).doesNotContain("docs/advice.md");
	}

	@Test
	@DisplayName("CF-1: a rule that there is not stops the start")
	void startWhenASilencedRuleIsUnknownThenNamesItAndTheRules() {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> start("evertoken.advice.silenced=plain-http,long-lived-tokens"))
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationException.class)
			.withMessageContaining("evertoken.advice.silenced[1]: must be one of ")
			.withMessageContaining("long-lived-token, ")
			.withMessageContaining("but is 'long-lived-tokens'");
	}

	@Test
	@DisplayName("OB-60: an issuer that begins to fail again and again in an hour is told of")
	void adviceWhenTheIssuerBeginsToFailAgainThenIsGiven() {
		try (AuthorizationServer scripted = TestClients.server();
				ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE,
						MovedAdvisor.class, TestClients.client(scripted, "inventory", "retry.initial-backoff=50ms",
								"retry.max-backoff=50ms"))) {
			failAndRecover(application, scripted);
			assertThat(advice(application)).isEmpty();
			application.context().getBean(AtomicLong.class).addAndGet(Duration.ofMinutes(10).toNanos());
			failAndRecover(application, scripted);
			assertThat(advice(application)).isEqualTo(Map.of("inventory", "frequent-cooldowns"));
			assertThat(application.get("/evertoken/inventory").body()).contains("has begun to fail 2 times");
		}
	}

	private static void failAndRecover(ActuatorApplication application, AuthorizationServer scripted) {
		TokenKey key = TokenKey.of("inventory");
		application.manager().remove(key).block(TIMEOUT);
		scripted.disturb(Fault.refused("invalid_client"));
		application.token(key);
		scripted.recover();
		await().until(() -> application.manager()
			.token(key)
			.map((token) -> true)
			.onErrorResume((ex) -> Mono.just(false))
			.block(TIMEOUT));
	}

	private static Map<String, String> advice(ActuatorApplication application) {
		Map<String, String> advice = new TreeMap<>();
		ActuatorApplication.json(application.get("/evertoken"))
			.at("/advice")
			.forEach((each) -> advice.merge(each.at("/client").asString(), each.at("/id").asString(),
					(first, second) -> first + " " + second));
		return advice;
	}

	/**
	 * Secrets come from the command line, but one that stands in a file as it is, one
	 * that stands there as a placeholder, and one that is a file of its own.
	 */
	private ActuatorApplication start(String... more) throws IOException {
		Path tree = Files.createDirectory(this.directory.resolve("tree"));
		Files.writeString(tree.resolve("evertoken.clients.tree.client-secret"), "planted-secret");
		Path file = this.directory.resolve("application.yml");
		Files.writeString(file, """
				evertoken:
				  clients:
				    secret:
				      client-secret: planted-secret
				    healthy:
				      client-secret: ${healthy-secret}
				""");
		List<String> properties = new ArrayList<>(List.of("logging.level.io.github.evertoken=info",
				"healthy-secret=planted-secret", "spring.config.additional-location=" + file.toUri(),
				"spring.config.import=configtree:" + tree + "/",
				"evertoken.clients.plain.origins=http://plain.internal",
				"evertoken.clients.crowded.subjects.maximum-size=2",
				"evertoken.clients.revoked.rejection.max-renewals=100"));
		for (String client : CLIENTS) {
			String prefix = "evertoken.clients." + client + ".";
			properties.addAll(List.of(prefix + "base-url=" + url("/api/" + client),
					prefix + "token-uri=" + url("/token/" + client), prefix + "client-id=orders",
					prefix + "response-timeout=30s", prefix + "max-wait=30s"));
			if (!List.of("secret", "tree", "healthy").contains(client)) {
				properties.add(prefix + "client-secret=planted-secret");
			}
		}
		return ActuatorApplication.start(WebApplicationType.REACTIVE, properties.toArray(String[]::new), more);
	}

	private void happen(ActuatorApplication application) {
		for (String client : CLIENTS) {
			application.token(TokenKey.of(client));
		}
		for (int i = 0; i < 12; i++) {
			application.manager().remove(TokenKey.of("wasteful")).block(TIMEOUT);
			application.token(TokenKey.of("wasteful"));
			application.put(TokenKey.of("crowded", "subject-" + i), TokenSet.withRefreshToken("planted").build());
		}
		TokenKey alice = TokenKey.of("ended", "alice");
		application.put(alice, TokenSet.withAccessToken("planted").expiresIn(Duration.ofMillis(50)).build());
		await().until(() -> application.manager()
			.token(alice)
			.map((token) -> false)
			.onErrorResume((ex) -> Mono.just(true))
			.block(TIMEOUT));
		for (int i = 0; i < 4; i++) {
			call(application, "/api/foreign");
			call(application, "/api/place/good");
			call(application, "/api/place/bad");
			call(application, "/api/healthy");
		}
		call(application, "/api/clock");
		for (int i = 0; i < 7; i++) {
			call(application, "/api/revoked");
		}
	}

	private void call(ActuatorApplication application, String path) {
		application.context()
			.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(url(path))
			.exchangeToMono((response) -> response.releaseBody())
			.block(TIMEOUT);
	}

	private String url(String path) {
		return "http://127.0.0.1:" + this.server.getPort() + path;
	}

	/**
	 * Has an advisor whose hour somebody else lets pass.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class MovedAdvisor {

		@Bean
		AtomicLong nanos() {
			return new AtomicLong();
		}

		@Bean
		Advisor advisor(AtomicLong nanos) {
			return Advisor.builder()
				.clock(InstantSource.system(), nanos::get)
				.client(new AdvisedClient("inventory", List.of(), List.of()))
				.build();
		}

	}

}
