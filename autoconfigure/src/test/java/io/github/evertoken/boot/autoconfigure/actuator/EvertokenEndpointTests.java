package io.github.evertoken.boot.autoconfigure.actuator;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.advice.Advisor;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link EvertokenEndpoint} over real HTTP, on WebFlux and on servlets.
 */
class EvertokenEndpointTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void overviewThenTellsOfEachClientAndAsksNobody(WebApplicationType type) {
		try (ActuatorApplication application = start(type,
				TestClients.client(this.server, "billing", "base-url=" + this.server.resourceUri() + "/billing"))) {
			JsonNode empty = ActuatorApplication.json(application.get("/evertoken"));
			assertThat(empty.at("/clients").propertyNames()).containsExactly("billing", "inventory");
			assertThat(empty.at("/clients/inventory/phase").asString()).isEqualTo("EMPTY");
			assertThat(empty.at("/clients/inventory/condition").asString()).isEqualTo("WELL");
			assertThat(this.server).receivedNoTokenRequest();
			application.token(SERVICE);
			JsonNode fresh = ActuatorApplication.json(application.get("/evertoken")).at("/clients/inventory");
			assertThat(fresh.at("/phase").asString()).isEqualTo("FRESH");
			assertThat(fresh.at("/generation").asInt()).isOne();
			assertThat(fresh.at("/expires/words").asString()).matches("in (59 m \\d+ s|59 m|1 h)");
			assertThat(fresh.has("failure")).isFalse();
			assertThat(this.server).receivedTokenRequests(1);
		}
	}

	@Test
	@DisplayName("HI-5: a client shows its groups, and the base URLs that it has from them")
	void clientWhenItHasItsBaseUrlFromAGroupThenShowsBoth() {
		String prefix = "evertoken.clients.billing.";
		try (ActuatorApplication application = start(WebApplicationType.SERVLET, prefix + "http-service-groups=bills",
				prefix + "token-uri=" + this.server.tokenUri(), prefix + "client-id=orders",
				prefix + "client-secret=planted-secret",
				"spring.http.serviceclient.bills.base-url=https://billing.internal/bills")) {
			JsonNode settings = ActuatorApplication.json(application.get("/evertoken/billing")).at("/settings");
			assertThat(settings.at("/http-service-groups/0").asString()).isEqualTo("bills");
			assertThat(settings.at("/spring.http.serviceclient.bills.base-url").asString())
				.isEqualTo("https://billing.internal/bills");
			assertThat(settings.has("base-url")).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void clientThenTellsWhatItIsConfiguredToDoAndHowItsKeyIs(WebApplicationType type) {
		this.server.disturb(Jwts.answer(Jwts.token()));
		try (ActuatorApplication application = start(type, "evertoken.clients.inventory.scope=inventory.read",
				"evertoken.endpoint.claims=roles")) {
			application.token(SERVICE);
			JsonNode client = ActuatorApplication.json(application.get("/evertoken/inventory"));
			assertThat(client.at("/client").asString()).isEqualTo("inventory");
			assertThat(client.at("/settings/client-id").asString()).isEqualTo("orders");
			assertThat(client.at("/settings/scope/0").asString()).isEqualTo("inventory.read");
			assertThat(client.at("/settings/response-timeout").asString()).isEqualTo("30 s");
			assertThat(client.at("/settings/renewal.at").asDouble()).isEqualTo(0.8);
			assertThat(client.at("/settings").has("client-secret")).isFalse();
			JsonNode key = client.at("/key");
			assertThat(key.at("/phase").asString()).isEqualTo("FRESH");
			assertThat(key.at("/trigger").asString()).isEqualTo("USE");
			assertThat(key.at("/lifetime/seconds").asInt()).isEqualTo(3600);
			assertThat(key.at("/lifetime/words").asString()).isEqualTo("1 h");
			assertThat(Instant.parse(key.at("/renews/at").asString())).isAfter(Instant.now())
				.isBefore(Instant.parse(key.at("/expires/at").asString()));
			assertThat(key.at("/refreshToken").asBoolean()).isTrue();
			assertThat(key.at("/lately")).extracting((each) -> each.at("/event").asString())
				.containsExactly("Use", "Landed");
			JsonNode token = key.at("/token");
			assertThat(token.at("/format").asString()).isEqualTo("jwt");
			assertThat(token.at("/header").propertyNames()).containsExactly("alg", "typ", "kid");
			assertThat(token.at("/claims").propertyNames()).containsExactly("iss", "aud", "client_id", "scope", "iat",
					"nbf", "exp", "cnf", "roles");
			assertThat(token.at("/claims/exp/words").asString()).matches("in (59 m \\d+ s|59 m|1 h)");
			assertThat(token.at("/claims/roles/0").asString()).isEqualTo("clerk");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void clientWhenItFailsThenTellsWhyAndSinceWhen(WebApplicationType type) {
		this.server.disturb(Fault.refused("invalid_client"));
		try (ActuatorApplication application = start(type)) {
			Instant before = Instant.now().minusMillis(1);
			application.token(SERVICE);
			JsonNode key = ActuatorApplication.json(application.get("/evertoken/inventory")).at("/key");
			assertThat(key.at("/condition").asString()).isEqualTo("FAILING");
			assertThat(key.at("/failure/kind").asString()).isEqualTo("refused");
			assertThat(key.at("/failure/message").asString()).contains("invalid_client");
			assertThat(key.at("/failure/count").asInt()).isOne();
			assertThat(Instant.parse(key.at("/failure/since/at").asString())).isAfterOrEqualTo(before)
				.isBeforeOrEqualTo(Instant.now());
			assertThat(key.has("token")).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void clientWhenAFlightRunsThenTellsOfItAndOfWhoWaits(WebApplicationType type) {
		this.server.disturb(Fault.hanging());
		try (ActuatorApplication application = start(type)) {
			application.manager().token(SERVICE).subscribe(null, (ex) -> {
			});
			await().until(() -> this.server.requests(Endpoint.TOKEN).size() == 1);
			JsonNode key = ActuatorApplication.json(application.get("/evertoken/inventory")).at("/key");
			assertThat(key.at("/flight/trigger").asString()).isEqualTo("USE");
			assertThat(key.at("/flight/attempts").asInt()).isOne();
			assertThat(key.at("/flight/since/words").asString()).matches("now|.* ago");
			assertThat(key.at("/waiting").asInt()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void clientWhenASubjectIsAskedForThenShowsItsKeyAndThoseThatParametersVary(WebApplicationType type) {
		try (ActuatorApplication application = start(type)) {
			application.put(ALICE, TokenSet.withRefreshToken(this.server.newSession("orders", "alice")).build());
			application.token(ALICE);
			application.token(ALICE.withParameters(TokenParameters.builder()
				.scope(List.of("inventory.read"))
				.parameter("tenant", "planted-parameter")
				.build()));
			JsonNode client = ActuatorApplication.json(application.get("/evertoken/inventory?subject=alice"));
			assertThat(client.at("/subjects/FRESH").asInt()).isEqualTo(2);
			JsonNode subject = client.at("/subject");
			assertThat(subject.at("/subject").asString()).isEqualTo("alice");
			assertThat(subject.at("/key/phase").asString()).isEqualTo("FRESH");
			assertThat(subject.at("/key/token/format").asString()).isEqualTo("opaque");
			assertThat(subject.at("/varied/0/parameters/scope/0").asString()).isEqualTo("inventory.read");
			assertThat(subject.at("/varied/0/parameters/tenant/0").asString()).isEqualTo("***");
			assertThat(subject.at("/varied/0/key/phase").asString()).isEqualTo("FRESH");
			assertThat(ActuatorApplication.json(application.get("/evertoken/inventory")).has("subject")).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void anyOperationWhenClientOrSubjectIsNotKnownThen404NamesTheClients(WebApplicationType type) {
		try (ActuatorApplication application = start(type)) {
			for (HttpResponse<String> response : List.of(application.get("/evertoken/inventroy"),
					application.get("/evertoken/inventory?subject=mallory"), application.post("/evertoken/else", "{}"),
					application.post("/evertoken/inventory", "{\"subject\":\"mallory\"}"),
					application.delete("/evertoken/else"), application.delete("/evertoken/inventory?subject=mallory"),
					application.get("/evertoken/inventory?subject=" + "m".repeat(2000)),
					application.get("/evertoken/inventory?subject="))) {
				assertThat(response.statusCode()).as(response.toString()).isEqualTo(404);
				JsonNode body = ActuatorApplication.json(response);
				assertThat(body.at("/clients/0").asString()).isEqualTo("inventory");
				assertThat(body.at("/message").asString()).endsWith(Troubleshooting.UNKNOWN_CLIENT.reference());
			}
			assertThat(this.server).receivedNoTokenRequest();
			JsonNode overview = ActuatorApplication.json(application.get("/evertoken"));
			assertThat(overview.at("/clients/inventory/subjects").isEmpty()).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void renewThenAnotherTokenComesAndSaysSo(WebApplicationType type) {
		try (ActuatorApplication application = start(type)) {
			application.token(SERVICE);
			HttpResponse<String> response = application.post("/evertoken/inventory", "{}");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(ActuatorApplication.json(response).at("/renewal").asString()).isEqualTo("STARTED");
			assertThat(ActuatorApplication.json(response).at("/says").asString()).isNotBlank();
			await().untilAsserted(() -> {
				JsonNode key = ActuatorApplication.json(application.get("/evertoken/inventory")).at("/key");
				assertThat(key.at("/generation").asInt()).isEqualTo(2);
				assertThat(key.at("/trigger").asString()).isEqualTo("ON_DEMAND");
			});
			assertThat(this.server).receivedTokenRequests(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void renewWhenThereIsTroubleThenSaysWhenItCanBeTriedAgain(WebApplicationType type) {
		this.server.disturb(Fault.refused("invalid_client"));
		try (ActuatorApplication application = start(type, "evertoken.clients.inventory.retry.initial-backoff=10m",
				"evertoken.clients.inventory.retry.max-backoff=10m")) {
			application.token(SERVICE);
			JsonNode answer = ActuatorApplication.json(application.post("/evertoken/inventory", "{}"));
			assertThat(answer.at("/renewal").asString()).isEqualTo("RESTING");
			assertThat(answer.at("/says").asString()).contains(answer.at("/key/cooldown/words").asString());
			assertThat(this.server).receivedTokenRequests(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void removeThenForgetsWhatIsHeld(WebApplicationType type) {
		try (ActuatorApplication application = start(type)) {
			application.token(SERVICE);
			application.put(ALICE, TokenSet.withAccessToken("planted-token").build());
			HttpResponse<String> response = application.delete("/evertoken/inventory?subject=alice");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(ActuatorApplication.json(response).at("/removed").asBoolean()).isTrue();
			JsonNode client = ActuatorApplication.json(application.get("/evertoken/inventory?subject=alice"));
			assertThat(client.at("/subject/key/phase").asString()).isEqualTo("EMPTY");
			assertThat(client.at("/key/phase").asString()).isEqualTo("FRESH");
			assertThat(application.delete("/evertoken/inventory").statusCode()).isEqualTo(200);
			assertThat(ActuatorApplication.json(application.get("/evertoken/inventory")).at("/key/phase").asString())
				.isEqualTo("EMPTY");
			application.token(SERVICE);
			assertThat(this.server).as("the client begins anew").receivedTokenRequests(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void writeOperationsWhenAccessIsReadOnlyThenAreNotThere(WebApplicationType type) {
		try (ActuatorApplication application = start(type, "management.endpoint.evertoken.access=read-only")) {
			application.token(SERVICE);
			assertThat(application.post("/evertoken/inventory", "{}").statusCode()).isIn(404, 405);
			assertThat(application.delete("/evertoken/inventory").statusCode()).isIn(404, 405);
			assertThat(application.get("/evertoken/inventory").statusCode()).isEqualTo(200);
			assertThat(this.server).receivedTokenRequests(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "REACTIVE", "SERVLET" })
	void removeWhenItFailsThen503WithoutWhatTheFailureSays(WebApplicationType type) {
		try (ActuatorApplication application = ActuatorApplication.start(type, Broken.class,
				TestClients.client(this.server, "inventory"))) {
			HttpResponse<String> response = application.delete("/evertoken/inventory");
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(ActuatorApplication.json(response).at("/removed").asBoolean()).isFalse();
			assertThat(response.body()).contains("IllegalStateException").doesNotContain("planted");
		}
	}

	@Test
	void clientWhenAnotherReplicaHasTheLeaseThenTellsWhoAndSinceWhen() {
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE, Fleet.class,
				TestClients.client(this.server, "inventory"))) {
			Disposable caller = application.manager().token(TokenKey.of("inventory")).onErrorComplete().subscribe();
			await().untilAsserted(() -> assertThat(json(application, "/evertoken/inventory", "/key/elsewhere/replica"))
				.isEqualTo("orders-7"));
			assertThat(json(application, "/evertoken/inventory", "/key/elsewhere/since/words")).endsWith(" ago");
			assertThat(json(application, "/evertoken/inventory", "/key/generation")).isEqualTo("0");
			assertThat(json(application, "/evertoken/inventory", "/key/stored")).isEqualTo("7");
			assertThat(json(application, "/evertoken/inventory", "/key/elsewhere/until/words")).startsWith("in ");
			assertThat(this.server).receivedNoTokenRequest();
			caller.dispose();
		}
	}

	@Test
	void clientWhenTheStoreIsAwayThenTellsSinceWhen() {
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE, Away.class,
				TestClients.client(this.server, "inventory"),
				// What cannot be saved is tried again for as long as the shutdown may
				// last.
				"spring.lifecycle.timeout-per-shutdown-phase=100ms")) {
			application.token(TokenKey.of("inventory"));
			await().untilAsserted(
					() -> assertThat(json(application, "/evertoken/inventory", "/storeAway/at")).isNotEmpty());
			assertThat(json(application, "/evertoken/inventory", "/key/condition")).isEqualTo("WELL");
			assertThat(json(application, "/evertoken", "/clients/inventory/condition")).isEqualTo("DEGRADED");
		}
	}

	private static String json(ActuatorApplication application, String path, String pointer) {
		return ActuatorApplication.json(application.get(path)).at(pointer).asString("");
	}

	@Test
	void endpointWhenItIsNotExposedThenIsNotThere() {
		try (ActuatorApplication application = start(WebApplicationType.REACTIVE,
				"management.endpoints.web.exposure.include=health")) {
			assertThat(application.get("/evertoken").statusCode()).isEqualTo(404);
			assertThat(application.context().getBeansOfType(EvertokenEndpoint.class)).isEmpty();
			assertThat(application.context().getBeansOfType(EvertokenEndpointWebExtension.class)).isEmpty();
		}
	}

	@Test
	void endpointWhenTheApplicationHasOneOfItsOwnThenThatAnswers() {
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE, Own.class,
				TestClients.client(this.server, "inventory"))) {
			assertThat(application.context().getBean(EvertokenEndpoint.class)).isInstanceOf(OwnEndpoint.class);
			assertThat(ActuatorApplication.json(application.get("/evertoken")).at("/clients").isEmpty()).isTrue();
			assertThat(application.get("/evertoken/inventory").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void endpointWhenTheApplicationHasATokenManagerOfItsOwnThenKnowsNoClient() {
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE, OwnManager.class,
				TestClients.client(this.server, "inventory"))) {
			assertThat(ActuatorApplication.json(application.get("/evertoken")).at("/clients").isEmpty()).isTrue();
			assertThat(application.get("/evertoken/inventory").statusCode()).isEqualTo(404);
			assertThat(application.get("/health").statusCode()).isEqualTo(200);
		}
	}

	private ActuatorApplication start(WebApplicationType type, String... more) {
		return ActuatorApplication.start(type, TestClients.client(this.server, "inventory"), more);
	}

	/**
	 * Another replica asks the issuer all the time.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Fleet {

		@Bean
		SharedTokenStore store() {
			SharedTokenStore store = mock(SharedTokenStore.class);
			given(store.lease()).willReturn(Duration.ofMinutes(5));
			given(store.changes()).willReturn(Flux.never());
			given(store.release(any())).willReturn(Mono.empty());
			given(store.load(any())).willAnswer((call) -> Mono.just(StoredTokenSet.removed(call.getArgument(0), 7)));
			given(store.claim(any(), any()))
				.willReturn(Mono.just(Claim.busy(Duration.ofMinutes(2), Duration.ofSeconds(3), "orders-7")));
			return store;
		}

	}

	/**
	 * The store fails.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Away {

		@Bean
		TokenStore store() {
			TokenStore store = mock(TokenStore.class);
			given(store.changes()).willReturn(Flux.never());
			given(store.load(any())).willReturn(Mono.error(new IllegalStateException("planted")));
			given(store.save(any(), anyLong(), any())).willReturn(Mono.error(new IllegalStateException("planted")));
			return store;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Broken {

		@Bean
		BrokenManager brokenManager(TokenManager manager) {
			return new BrokenManager(manager);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Own {

		@Bean
		OwnEndpoint ownEndpoint(TokenManager manager, ConfiguredClients clients, EvertokenProperties properties,
				Advisor advisor) {
			return new OwnEndpoint(manager, clients, properties, advisor);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OwnManager {

		@Bean
		TokenManager ownManager() {
			return mock(TokenManager.class);
		}

	}

	static class OwnEndpoint extends EvertokenEndpoint {

		OwnEndpoint(TokenManager manager, ConfiguredClients clients, EvertokenProperties properties, Advisor advisor) {
			super(manager, clients, properties, advisor);
		}

		@Override
		public Overview overview() {
			return new Overview(Instant.EPOCH, Map.of(), List.of());
		}

	}

	static class BrokenManager extends DelegatingTokenManager {

		BrokenManager(TokenManager delegate) {
			super(delegate);
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.error(new IllegalStateException("planted"));
		}

	}

}
