package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.properties.WorstHealth;
import io.github.evertoken.http.Redactor;
import io.github.evertoken.lifecycle.ClientStatus;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.KeyPhase;
import io.github.evertoken.lifecycle.KeyStatus;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Fault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TokenHealthContributor} and {@link ClientHealthIndicator}.
 */
class TokenHealthTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final Instant NOW = Instant.parse("2026-11-26T07:00:00Z");

	private static final Instant SINCE = NOW.minusSeconds(60);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms")
		.withPropertyValues(TestClients.client(this.server, "inventory"));

	/**
	 * Each phase, with and without a usable token, with each trouble.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			EMPTY      | none  | none     | UP   |      |
			EMPTY      | none  | failing  | DOWN |      | busy
			EMPTY      | none  | refused  | DOWN |      | wrong
			EMPTY      | none  | barred   | DOWN |      | busy elsewhere
			FRESH      | valid | none     | UP   |      |
			FRESH      | valid | failing  | UP   | true | busy
			FRESH      | valid | refused  | UP   | true | wrong
			FRESH      | valid | barred   | UP   |      |
			DUE        | valid | none     | UP   |      |
			DUE        | valid | failing  | UP   | true | busy
			DUE        | valid | refused  | UP   | true | wrong
			DUE        | valid | barred   | UP   |      |
			SUSPECT    | none  | none     | UP   |      |
			SUSPECT    | none  | failing  | DOWN |      | busy
			SUSPECT    | none  | barred   | DOWN |      | busy elsewhere
			SUSPECT    | valid | none     | UP   | true |
			SUSPECT    | valid | failing  | UP   | true | busy
			SUSPECT    | valid | barred   | UP   | true | busy elsewhere
			EXPIRED    | over  | none     | UP   |      |
			EXPIRED    | over  | failing  | DOWN |      | busy
			EXPIRED    | over  | refused  | DOWN |      | wrong
			EXPIRED    | over  | barred   | DOWN |      | busy elsewhere
			EXPIRED    | valid | failing  | DOWN |      | busy
			SIGNED_OUT | none  | signed   | DOWN |      | log in
			SIGNED_OUT | over  | signed   | DOWN |      | log in
			SIGNED_OUT | valid | signed   | UP   | true | log in
			CLOSED     | none  | none     | DOWN |      |
			""")
	void healthThenIsThatOfCallers(KeyPhase phase, String token, String trouble, String status,
			@Nullable Boolean degraded, @Nullable String failure) {
		KeyStatus key = key(phase, token, trouble);
		Health health = health(key, WorstHealth.DOWN);
		assertThat(health.getStatus()).isEqualTo(new Status(status));
		assertThat(health.getDetails()).containsEntry("phase", phase);
		assertThat(health.getDetails().get("degraded")).isEqualTo(degraded);
		assertThat(health.getDetails().get("failure")).isEqualTo(failure);
		boolean knowsSinceWhen = failure != null && key.failing() != null;
		assertThat(health.getDetails().get("since")).isEqualTo(knowsSinceWhen ? SINCE : null);
		assertThat(health.getDetails().get("count")).isEqualTo(knowsSinceWhen ? 3 : null);
		Health atWorstUp = health(key, WorstHealth.UP);
		assertThat(atWorstUp.getStatus()).isEqualTo(Status.UP);
		assertThat(atWorstUp.getDetails().get("degraded")).isEqualTo(status.equals("DOWN") ? Boolean.TRUE : degraded);
		assertThat(atWorstUp.getDetails().get("failure")).isEqualTo(failure);
	}

	@Test
	void healthWhenTheFailureHasSecretsInItThenShowsNone() {
		KeyStatus key = new KeyStatus(SERVICE, NOW, KeyPhase.EMPTY, 0, null, null, null, false, 0, null, null,
				new KeyStatus.Failing(new TransientTokenException(SERVICE,
						"said planted-secret and" + " eyJhbGciOiJSUzI1NiJ9eyJpc3MiOiJ4In0", null), 1, SINCE),
				null, null, List.of(), null, null, null, null);
		Health health = new ClientHealthIndicator(() -> status(key), WorstHealth.DOWN,
				new Redactor(List.of("planted-secret")))
			.health();
		assertThat(health.getDetails()).containsEntry("failure", "said *** and ***");
	}

	/**
	 * Callers do not notice that it is away: it is no reason to be down.
	 */
	@Test
	void healthWhenTheStoreIsAwayThenIsUpAndDegradedUntilItIsBack() {
		AtomicBoolean away = new AtomicBoolean(true);
		this.contextRunner.withBean(TokenStore.class, () -> new AwayStore(away)).run((context) -> {
			DefaultTokenManager manager = context.getBean(DefaultTokenManager.class);
			ClientHealthIndicator inventory = new ClientHealthIndicator(() -> manager.status("inventory"),
					WorstHealth.DOWN, new Redactor(List.of()));
			assertThat(inventory.health().getDetails()).doesNotContainKeys("degraded", "storeAwaySince");
			Instant before = Instant.now().minusSeconds(1);
			token(manager, SERVICE);
			await().untilAsserted(() -> assertThat(inventory.health().getDetails()).containsEntry("degraded", true)
				.hasEntrySatisfying("storeAwaySince",
						(since) -> assertThat((Instant) since).isBetween(before, Instant.now().plusSeconds(1))));
			assertThat(inventory.health().getStatus()).isEqualTo(Status.UP);
			away.set(false);
			await().untilAsserted(() -> {
				token(manager, ALICE);
				assertThat(inventory.health().getDetails()).doesNotContainKeys("degraded", "storeAwaySince");
			});
		});
	}

	@Test
	void probesThenAskNobody() {
		this.contextRunner.run((context) -> {
			HealthIndicator inventory = (HealthIndicator) ((CompositeHealthContributor) context
				.getBean(HealthContributorRegistry.class)
				.getContributor("evertoken")).getContributor("inventory");
			probe(() -> inventory.health().getStatus(), Status.UP);
			assertThat(this.server).receivedNoTokenRequest();
			this.server.disturb(Fault.refused("invalid_client"));
			token(context.getBean(TokenManager.class), SERVICE);
			probe(() -> inventory.health().getStatus(), Status.DOWN);
			assertThat(this.server).receivedTokenRequests(1);
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void healthOverHttpThenHasAComponentForEachClientAndAsksNobody(WebApplicationType type) {
		try (ActuatorApplication application = ActuatorApplication.start(type,
				TestClients.client(this.server, "inventory"))) {
			HealthEndpoint health = application.context().getBean(HealthEndpoint.class);
			probe(() -> health.health().getStatus(), Status.UP);
			assertThat(application.get("/health").statusCode()).isEqualTo(200);
			assertThat(this.server).receivedNoTokenRequest();
			this.server.disturb(Fault.refused("invalid_client"));
			application.token(SERVICE);
			assertThat(application.get("/health").statusCode()).isEqualTo(503);
			JsonNode client = ActuatorApplication.json(application.get("/health/evertoken/inventory"));
			assertThat(client.at("/status").asString()).isEqualTo("DOWN");
			assertThat(client.at("/details/kind").asString()).isEqualTo("refused");
			assertThat(client.at("/details/failure").asString()).contains("invalid_client");
			assertThat(Instant.parse(client.at("/details/since").asString())).isBeforeOrEqualTo(Instant.now());
			assertThat(this.server).receivedTokenRequests(1);
		}
	}

	@Test
	void healthWhenItIsNotToBeDownThenIsUpAndDegraded() {
		this.server.disturb(Fault.refused("invalid_client"));
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE,
				TestClients.client(this.server, "inventory", "health=up"))) {
			application.token(SERVICE);
			assertThat(application.get("/health").statusCode()).isEqualTo(200);
			JsonNode client = ActuatorApplication.json(application.get("/health/evertoken/inventory"));
			assertThat(client.at("/status").asString()).isEqualTo("UP");
			assertThat(client.at("/details/degraded").asBoolean()).isTrue();
			assertThat(client.at("/details/failure").asString()).contains("invalid_client");
		}
	}

	@Test
	void healthWhenASubjectIsSignedOutThenStaysWhenTheServiceIsThenChanges() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=refresh-token"))
			.run((context) -> {
				TokenManager manager = context.getBean(TokenManager.class);
				TokenHealthContributor health = context.getBean(TokenHealthContributor.class);
				HealthIndicator inventory = (HealthIndicator) health.getContributor("inventory");
				token(manager, ALICE);
				assertThat(inventory.health().getStatus()).isEqualTo(Status.UP);
				assertThat(inventory.health().getDetails()).doesNotContainKey("degraded");
				token(manager, SERVICE);
				assertThat(inventory.health().getStatus()).isEqualTo(Status.DOWN);
				manager.put(SERVICE, TokenSet.withAccessToken("token-7").build()).block();
				assertThat(inventory.health().getStatus()).isEqualTo(Status.UP);
			});
	}

	@Test
	void healthWhenTokensAreObtainedOnBehalfOfOthersAloneThenIsUpAtWorst() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=token-exchange"))
			.run((context) -> {
				token(context.getBean(TokenManager.class), SERVICE);
				HealthIndicator inventory = (HealthIndicator) context.getBean(TokenHealthContributor.class)
					.getContributor("inventory");
				assertThat(inventory.health().getStatus()).isEqualTo(Status.UP);
			});
	}

	@Test
	void healthWhenItIsSwitchedOffThenIsNotThere() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(TokenHealthContributor.class));
		this.contextRunner.withPropertyValues("management.health.evertoken.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TokenHealthContributor.class));
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TokenHealthContributor.class));
	}

	@Test
	void contextWhenThereIsNoActuatorThenStarts() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class))
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withClassLoader(
					new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("evertokenHealthContributor")
				.doesNotHaveBean("evertokenEndpoint"));
	}

	@Test
	void readinessThenDoesNotDependOnTokens() {
		this.server.disturb(Fault.refused("invalid_client"));
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE,
				TestClients.client(this.server, "inventory"), "management.endpoint.health.probes.enabled=true")) {
			application.token(SERVICE);
			assertThat(application.get("/health").statusCode()).isEqualTo(503);
			assertThat(application.get("/health/readiness").statusCode()).isEqualTo(200);
			assertThat(application.get("/health/readiness").body()).doesNotContain("evertoken");
		}
	}

	private static void probe(Supplier<Status> probe, Status expected) {
		IntStream.range(0, 1000).forEach((i) -> assertThat(probe.get()).isEqualTo(expected));
	}

	private static void token(TokenManager manager, TokenKey key) {
		manager.token(key).onErrorResume((ex) -> Mono.empty()).block(Duration.ofMinutes(1));
	}

	private static ClientStatus status(KeyStatus key) {
		return new ClientStatus("inventory", key, 0, Map.of(), 0, null);
	}

	private static Health health(KeyStatus key, WorstHealth worst) {
		return new ClientHealthIndicator(() -> status(key), worst, new Redactor(List.of())).health();
	}

	private static KeyStatus key(KeyPhase phase, String token, String trouble) {
		AccessToken held = switch (token) {
			case "valid" -> new AccessToken("Bearer", "planted", NOW.minusSeconds(10), NOW.plusSeconds(90));
			case "over" -> new AccessToken("Bearer", "planted", NOW.minusSeconds(110), NOW.minusSeconds(10));
			default -> null;
		};
		TokenException failure = switch (trouble) {
			case "failing" -> new TransientTokenException(SERVICE, "busy", null);
			case "refused" -> new TokenRefusedException(SERVICE, "wrong", null, null, null);
			case "barred" -> new TransientTokenException(SERVICE, "busy elsewhere", null);
			case "signed" -> new ReauthenticationRequiredException(SERVICE, "log in", null, null, null);
			default -> null;
		};
		boolean failing = failure != null && !trouble.equals("barred");
		return new KeyStatus(SERVICE, NOW, phase, 1, null, held, null, false, 0, null, null,
				failing ? new KeyStatus.Failing(failure, 3, SINCE) : null, failure,
				trouble.equals("signed") ? failure : null, List.of(), null, null, null, null);
	}

	/**
	 * Keeps nothing, and fails while it is away.
	 */
	private static final class AwayStore implements TokenStore {

		private final AtomicBoolean away;

		private final AtomicLong versions = new AtomicLong();

		AwayStore(AtomicBoolean away) {
			this.away = away;
		}

		private <T> Mono<T> unlessAway(Mono<T> answer) {
			return Mono.defer(() -> this.away.get() ? Mono.error(new IllegalStateException("away")) : answer);
		}

		@Override
		public Mono<StoredTokenSet> load(TokenKey key) {
			return unlessAway(Mono.empty());
		}

		@Override
		public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
			return unlessAway(Mono.fromSupplier(() -> SaveResult.saved(Math.max(expected, this.versions.get()) + 1)));
		}

		@Override
		public Mono<Long> remove(TokenKey key) {
			return unlessAway(Mono.fromSupplier(this.versions::incrementAndGet));
		}

	}

}
