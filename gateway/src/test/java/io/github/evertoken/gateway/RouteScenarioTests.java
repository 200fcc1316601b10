package io.github.evertoken.gateway;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.web.RejectionPolicy;
import io.github.evertoken.web.RejectionPolicy.Decision;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The filter {@code Evertoken} in a real gateway, over real HTTP. Each test has a client
 * of its own, which no other test has made wary.
 */
class RouteScenarioTests {

	private static final int CLIENTS = 30;

	@RegisterExtension
	private static final AuthorizationServer tokens = AuthorizationServer.forClients("gateway");

	/**
	 * One that is in trouble, from which all its clients keep away for a while.
	 */
	@RegisterExtension
	private static final AuthorizationServer troubled = AuthorizationServer.forClients("gateway");

	@RegisterExtension
	private static final AuthorizationServer troubledLater = AuthorizationServer.forClients("gateway");

	@RegisterExtension
	private static final Upstream upstream = new Upstream(tokens);

	private static final AtomicInteger next = new AtomicInteger();

	private static Gateway gateway;

	private final String client = "/c" + next.getAndIncrement();

	@BeforeAll
	static void start() {
		next.set(0);
		List<String> properties = new ArrayList<>(List.of("upstream=" + upstream.url("")));
		int routes = 0;
		for (int i = 0; i < CLIENTS; i++) {
			String client = "c" + i;
			properties.addAll(Gateway.client(upstream, client));
			properties.addAll(Gateway.route(routes++, client, upstream.url(""), "/" + client + "/plain",
					"Evertoken=" + client, "AddRequestHeader=X-Late, yes"));
			properties.addAll(Gateway.route(routes++, client + "-cached", upstream.url(""), "/" + client + "/cached",
					"Evertoken=" + client));
			String cache = "spring.cloud.gateway.server.webflux.routes[" + (routes - 1) + "].filters[1].";
			properties.addAll(List.of(cache + "name=CacheRequestBody", cache + "args.bodyClass=java.lang.String"));
			properties.addAll(Gateway.route(routes++, client + "-retry", upstream.url(""), "/" + client + "/retry",
					"Retry=3, BAD_GATEWAY, GET, 1ms, 2ms, 2, false", "Evertoken=" + client));
		}
		properties.addAll(Gateway.client(upstream, "elsewhere", "base-url=http://127.0.0.1:1"));
		properties.addAll(Gateway.route(routes++, "elsewhere", upstream.url(""), "/elsewhere", "Evertoken=elsewhere"));
		properties.addAll(Gateway.client(upstream, "down", "token-uri=" + troubled.tokenUri(),
				"client-secret=" + troubled.clientSecret("gateway")));
		properties.addAll(Gateway.route(routes++, "down", upstream.url(""), "/down", "Evertoken=down"));
		properties.addAll(Gateway.client(upstream, "refusing"));
		properties.addAll(Gateway.route(routes++, "refusing", upstream.url(""), "/refusing", "Evertoken=refusing"));
		properties.addAll(Gateway.client(upstream, "nearest"));
		properties.addAll(
				Gateway.route(routes++, "nearest", upstream.url(""), "/nearest", "Evertoken=c0", "Evertoken=nearest"));
		properties.addAll(Gateway.client(upstream, "read"));
		properties.addAll(Gateway.route(routes++, "read", upstream.url(""), "/read", "Evertoken=read"));
		properties.addAll(Gateway.client(upstream, "once", "token-uri=" + troubledLater.tokenUri(),
				"client-secret=" + troubledLater.clientSecret("gateway")));
		properties.addAll(Gateway.route(routes++, "once", upstream.url(""), "/once", "Evertoken=once"));
		properties.addAll(Gateway.client(upstream, "failing"));
		properties.addAll(Gateway.route(routes++, "failing", upstream.url(""), "/failing", "Evertoken=failing"));
		properties.addAll(Gateway.client(upstream, "java"));
		properties.addAll(Gateway.client(upstream, "modified", "base-url=" + upstream.url("/modified")));
		gateway = Gateway.start(Routes.class, properties);
	}

	@AfterAll
	static void stop() {
		gateway.close();
	}

	@Test
	@Tag("GW-1")
	void requestThenGoesWithTheTokenAndAllElseAsItCame() {
		HttpResponse<String> response = gateway.post(this.client + "/plain/items?q=a%20b",
				BodyPublishers.ofString("thing"), "X-Mine", "1", "Cookie", "a=b");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(upstream.lastToken() + " thing");
		assertThat(upstream.received()).singleElement().satisfies((request) -> {
			assertThat(request.method()).isEqualTo("POST");
			assertThat(request.uri()).isEqualTo(this.client + "/plain/items?q=a%20b");
			assertThat(request.headers().get("X-Mine")).isEqualTo("1");
			assertThat(request.headers().get("X-Late")).isEqualTo("yes");
			assertThat(request.headers().get("Cookie")).isEqualTo("a=b");
		});
		gateway.get(this.client + "/plain");
		assertThat(tokens).receivedTokenRequests(1);
	}

	@Test
	@Tag("GW-2")
	void requestWhenTheCallerHasShownACredentialThenThatStaysBehind() {
		gateway.get(this.client + "/plain", "Authorization", "Bearer planted-of-the-caller", "DPoP", "planted-proof");
		assertThat(upstream.received()).singleElement().satisfies((request) -> {
			assertThat(request.headers().getAll("Authorization")).containsExactly(upstream.lastToken());
			assertThat(request.headers().contains("DPoP")).isFalse();
		});
	}

	@Test
	@Tag("GW-3")
	void requestWhenTheTokenIsRejectedThenIsSentOnceMoreAndTheCallerGetsTheSecondAnswerAlone() {
		gateway.get(this.client + "/plain");
		String first = upstream.lastToken();
		upstream.reject(first);
		HttpResponse<String> response = gateway.get(this.client + "/plain?again", "X-Mine", "1");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(upstream.lastToken() + " ");
		assertThat(response.headers().map()).doesNotContainKeys("WWW-Authenticate", "X-Refused");
		assertThat(response.headers().allValues("Content-Type")).containsExactly("text/plain");
		assertThat(upstream.authorizations()).containsExactly(first, first, upstream.lastToken());
		assertThat(upstream.received()).last().satisfies((request) -> {
			assertThat(request.uri()).isEqualTo(this.client + "/plain?again");
			assertThat(request.headers().getAll("X-Mine")).containsExactly("1");
			assertThat(request.headers().getAll("X-Late")).containsExactly("yes");
		});
	}

	@Test
	@Tag("GW-3")
	void requestWhenTheSecondTokenIsRejectedTooThenTheSecondAnswerPassesOnAsItIs() {
		gateway.get(this.client + "/plain");
		upstream.reject("all");
		HttpResponse<String> response = gateway.get(this.client + "/plain");
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.body()).isEqualTo("refused");
		assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
		assertThat(response.headers().allValues("X-Refused")).containsExactly(upstream.lastToken());
		assertThat(upstream.received()).hasSize(3);
	}

	@Test
	@Tag("GW-3")
	void requestsWhenEveryTokenIsRefusedThenCauseNoStorm() {
		upstream.reject("all");
		for (int i = 0; i < 10; i++) {
			assertThat(gateway.get(this.client + "/plain").statusCode()).isEqualTo(401);
		}
		assertThat(tokens.requests(Endpoint.TOKEN)).hasSizeLessThanOrEqualTo(2);
		assertThat(upstream.received()).hasSizeLessThanOrEqualTo(11);
	}

	@Test
	@Tag("GW-3")
	void requestsWhenTheirTokenIsRevokedUnderThemThenNoneFailsAndOneRenewal() {
		gateway.get(this.client + "/plain");
		upstream.reject(upstream.lastToken());
		List<CompletableFuture<Integer>> answers = IntStream.range(0, 40)
			.mapToObj((i) -> gateway.caller()
				.sendAsync(gateway.request(this.client + "/plain").build(), HttpResponse.BodyHandlers.discarding())
				.thenApply(HttpResponse::statusCode))
			.toList();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer.join()).isEqualTo(200));
		assertThat(tokens).receivedTokenRequests(2);
	}

	@Test
	@Tag("GW-3")
	void requestWhenTheScopeIsInsufficientThenPassesOnAndTheTokenStays() {
		upstream.challengeWith("Bearer error=\"insufficient_scope\", scope=\"write\"");
		upstream.reject("all");
		HttpResponse<String> response = gateway.get(this.client + "/plain");
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.body()).isEqualTo("refused");
		assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow()).contains("insufficient_scope");
		assertThat(upstream.received()).hasSize(1);
		assertThat(tokens).receivedTokenRequests(1);
	}

	@Test
	@Tag("GW-3")
	void requestWhenTheBodyOfThe401HasNoEndThenIsSentOnceMoreAllTheSame() {
		gateway.get(this.client + "/plain");
		AtomicInteger attempts = new AtomicInteger();
		upstream.handle(this.client + "/plain/endless", (request, response) -> (attempts.getAndIncrement() == 0)
				? response.status(401).sendString(endless()) : response.sendString(Mono.just("second")));
		assertThat(gateway.get(this.client + "/plain/endless").body()).isEqualTo("second");
		assertThat(attempts).hasValue(2);
	}

	@Test
	@Tag("GW-3")
	void requestWhenTheBodyOfThe401IsLongThenIsSentOnceMoreAndNothingIsDropped() {
		gateway.get(this.client + "/plain");
		AtomicInteger attempts = new AtomicInteger();
		upstream.handle(this.client + "/plain/long",
				(request, response) -> (attempts.getAndIncrement() == 0)
						? response.status(401).sendString(Flux.range(0, 40).map((i) -> "refused ".repeat(1_000)))
						: response.sendString(Mono.just("second")));
		List<Throwable> dropped = new CopyOnWriteArrayList<>();
		Hooks.onErrorDropped(dropped::add);
		try {
			assertThat(gateway.get(this.client + "/plain/long").body()).isEqualTo("second");
		}
		finally {
			Hooks.resetOnErrorDropped();
		}
		assertThat(dropped).isEmpty();
	}

	@Test
	@Tag("GW-3")
	void requestWhenTheFirstAnswerHasAHeaderThatTheGatewayHasSetThenTheGatewaysStays() {
		gateway.get(this.client + "/plain");
		AtomicInteger attempts = new AtomicInteger();
		upstream.handle(this.client + "/plain/varied", (request, response) -> (attempts.getAndIncrement() == 0)
				? refused(response.header("Vary", "Accept")) : response.sendString(Mono.just("second")));
		HttpResponse<String> response = gateway.get(this.client + "/plain/varied");
		assertThat(response.body()).isEqualTo("second");
		assertThat(response.headers().allValues("Vary")).containsExactly("Origin");
	}

	@Test
	@Tag("GW-3")
	void requestWhenTheSecondAttemptFailsThenItsCallerGetsNothingOfTheFirst() {
		gateway.get(this.client + "/plain");
		AtomicInteger attempts = new AtomicInteger();
		upstream.handle(this.client + "/plain/fails", (request, response) -> {
			if (attempts.getAndIncrement() == 0) {
				return refused(response);
			}
			request.withConnection(Connection::dispose);
			return Mono.never();
		});
		HttpResponse<String> response = gateway.get(this.client + "/plain/fails");
		assertThat(attempts).hasValue(2);
		assertHasNothingOfTheFirstAnswer(response);
	}

	@Test
	@Tag("GW-3")
	void requestWhenThePolicyFailsThenItsCallerGetsNothingOfTheAnswer() {
		upstream.handle("/failing", (request, response) -> refused(response));
		assertHasNothingOfTheFirstAnswer(gateway.get("/failing"));
	}

	private static Publisher<Void> refused(HttpServerResponse response) {
		return response.status(401)
			.header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
			.header("Content-Encoding", "planted")
			.header("Content-Type", "text/planted")
			.header("Content-Length", "7")
			.header("X-Refused", "planted")
			.sendString(Mono.just("refused"));
	}

	private static void assertHasNothingOfTheFirstAnswer(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.headers().map()).doesNotContainKeys("WWW-Authenticate", "X-Refused", "Content-Encoding");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(response.body()).contains("Internal Server Error");
	}

	@Test
	@Tag("GW-3")
	void requestWhenNoOtherTokenCanBeHadThenTheFirstAnswerPassesOnAsItIs() {
		gateway.get("/once");
		troubledLater.disturb(Fault.status(503));
		upstream.handle("/once", (request, response) -> refused(response));
		HttpResponse<String> response = gateway.get("/once");
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.body()).isEqualTo("refused");
		assertThat(response.headers().firstValue("Content-Encoding")).hasValue("planted");
	}

	@Test
	@Tag("GW-4")
	void requestWhenItsBodyIsStreamedThenItsTokenIsRenewedForTheNextAndThe401PassesOn() {
		gateway.get(this.client + "/plain");
		String first = upstream.lastToken();
		upstream.reject(first);
		HttpResponse<String> response = gateway.post(this.client + "/plain", streamed("once"));
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.body()).isEqualTo("refused");
		assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
		assertThat(upstream.received()).hasSize(2);
		assertThat(gateway.post(this.client + "/plain", BodyPublishers.ofString("next")).body())
			.isEqualTo(upstream.lastToken() + " next");
		assertThat(upstream.lastToken()).isNotEqualTo(first);
		assertThat(upstream.received()).hasSize(3);
	}

	@Test
	@Tag("GW-4")
	void requestWhenItsBodyIsCachedThenIsSentOnceMoreWithTheSameBody() {
		gateway.get(this.client + "/cached");
		String first = upstream.lastToken();
		upstream.reject(first);
		HttpResponse<String> response = gateway.post(this.client + "/cached", streamed("once and again"),
				"Content-Type", "text/plain");
		assertThat(response.body()).isEqualTo(upstream.lastToken() + " once and again");
		assertThat(upstream.received().subList(1, 3)).extracting(Upstream.Received::body)
			.containsExactly("once and again", "once and again");
	}

	@Test
	@Tag("GW-4")
	void requestWhenTheRouteRetriesThenItsBodyIsCachedAndIsSentOnceMore() {
		gateway.get(this.client + "/retry");
		upstream.reject(upstream.lastToken());
		assertThat(gateway.post(this.client + "/retry", BodyPublishers.ofString("twice")).body())
			.isEqualTo(upstream.lastToken() + " twice");
		assertThat(upstream.received()).extracting(Upstream.Received::body).containsExactly("", "twice", "twice");
	}

	@Test
	@Tag("GW-5")
	void requestWhenTheRouteRetriesThenEachAttemptHasTheTokenOfItsMoment() {
		List<String> authorizations = new ArrayList<>();
		upstream.handle(this.client + "/retry/down", (request, response) -> {
			authorizations.add(upstream.authorization(request));
			if (authorizations.size() < 3) {
				return gateway.context()
					.getBean(TokenManager.class)
					.remove(TokenKey.of(this.client.substring(1)))
					.then(Mono.from(response.status(502).send()));
			}
			return response.sendString(Mono.just("up"));
		});
		assertThat(gateway.get(this.client + "/retry/down").body()).isEqualTo("up");
		assertThat(authorizations).hasSize(3).doesNotHaveDuplicates();
	}

	@Test
	@Tag("GW-5")
	void requestWhenTheRouteHasSeveralFiltersThenTheLastCounts() {
		assertThat(gateway.get("/nearest").body()).isEqualTo(upstream.lastToken() + " ");
		assertThat(tokens).receivedTokenRequests(1);
		upstream.reject(upstream.lastToken());
		assertThat(gateway.get("/nearest").statusCode()).isEqualTo(200);
		assertThat(tokens).receivedTokenRequests(2);
	}

	@Test
	@Tag("GW-5")
	void requestWhenTheRouteIsWrittenInJavaThenGoesWithTheToken() {
		assertThat(gateway.get("/java").body()).isEqualTo(upstream.lastToken() + " ");
	}

	@Test
	@Tag("GW-6")
	void requestWhenTheTokensOfTheClientMustNotGoThereThenIsNotSent() {
		assertThat(gateway.get("/elsewhere", "Authorization", "Bearer planted").statusCode()).isEqualTo(500);
		assertThat(upstream.received()).isEmpty();
		assertThat(tokens).receivedNoTokenRequest();
	}

	@Test
	@Tag("GW-7")
	void requestWhenNoTokenCanBeHadThenItsCallerIsToldToComeBackLater() {
		troubled.disturb(Fault.status(503).withHeader("Retry-After", "7"));
		HttpResponse<String> response = gateway.get("/down", "Authorization", "Bearer planted");
		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(response.body()).contains("urn:evertoken:token-unavailable").doesNotContain("planted");
		assertThat(upstream.received()).isEmpty();
	}

	@Test
	@Tag("GW-7")
	void requestWhenTheClientIsRefusedThenFailsAndIsNotSent() {
		tokens.disturb(Fault.refused("unauthorized_client"));
		assertThat(gateway.get("/refusing").statusCode()).isEqualTo(500);
		assertThat(upstream.received()).isEmpty();
	}

	@Test
	@Tag("GW-3")
	void requestWhenAPolicyReadsTheBodyThenDecidesByItAndPassesItOnWhole() {
		upstream.challengeWith("");
		upstream.refuseWith("token expired");
		assertThat(gateway.get("/read").statusCode()).isEqualTo(200);
		awaitBodyInTime(() -> {
			upstream.reject(upstream.lastToken());
			assertThat(gateway.get("/read").statusCode()).isEqualTo(200);
			assertThat(upstream.received()).hasSize(2);
		});
		upstream.received().clear();
		String other = "another reason ".repeat(5_000);
		upstream.refuseWith(other);
		upstream.reject("all");
		HttpResponse<String> response = gateway.get("/read");
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.body()).isEqualTo(other);
		assertThat(response.headers().firstValue("X-Refused")).hasValue(upstream.lastToken());
		assertThat(upstream.received()).hasSize(1);
	}

	/**
	 * On a machine that stands still, the half second is over in which a body is read.
	 */
	private static void awaitBodyInTime(ThrowingRunnable call) {
		Awaitility.await().untilAsserted(() -> {
			upstream.received().clear();
			call.run();
		});
	}

	@Test
	@Tag("GW-4")
	void requestWhenItsCachedBodyFailsTheSecondTimeThenThe401PassesOn() {
		assertThat(gateway.post("/modified", BodyPublishers.ofString("a"), "Content-Type", "text/plain").body())
			.isEqualTo(upstream.lastToken() + " a");
		awaitBodyInTime(() -> {
			upstream.reject(upstream.lastToken());
			HttpResponse<String> response = gateway.post("/modified", BodyPublishers.ofString("b"), "Content-Type",
					"text/plain");
			assertThat(response.statusCode()).isEqualTo(401);
			assertThat(response.body()).isEqualTo("refused");
			assertThat(upstream.received()).hasSize(1);
		});
	}

	@Test
	@Tag("GW-8")
	void requestWhenItsCallerGoesAwayThenTheServerIsLeftToo() {
		CompletableFuture<Void> left = new CompletableFuture<>();
		upstream.handle(this.client + "/plain/stream",
				(request, response) -> response.sendString(endless().doOnCancel(() -> left.complete(null))));
		HttpResponse<java.io.InputStream> response = gateway
			.send(gateway.request(this.client + "/plain/stream").build(), HttpResponse.BodyHandlers.ofInputStream());
		assertThat(response.statusCode()).isEqualTo(200);
		try {
			response.body().close();
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
		Awaitility.await().until(left::isDone);
	}

	/**
	 * What comes when nobody takes it is dropped, or it would have an end on a machine
	 * that stands still for a while.
	 */
	private static Flux<String> endless() {
		return Flux.interval(Duration.ofMillis(5)).onBackpressureDrop().map(String::valueOf);
	}

	private static java.net.http.HttpRequest.BodyPublisher streamed(String text) {
		return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
	}

	@Configuration(proxyBeanMethods = false)
	static class Routes {

		@Bean
		RouteLocator javaRoutes(RouteLocatorBuilder builder, EvertokenGatewayFilterFactory evertoken,
				Environment environment) {
			return builder.routes()
				.route("modified",
						(route) -> route.path("/modified")
							.filters((filters) -> filters.cacheRequestBody(String.class)
								.modifyRequestBody(String.class, String.class, this::onceOfEach)
								.filter(evertoken.apply((config) -> config.setClient("modified"))))
							.uri(environment.getRequiredProperty("upstream")))
				.route("java",
						(route) -> route.path("/java")
							.filters((filters) -> filters.filter(evertoken.apply((config) -> config.setClient("java"))))
							.uri(environment.getRequiredProperty("upstream")))
				.build();
		}

		/**
		 * As one for CORS does.
		 */
		@Bean
		WebFilter varied() {
			return (exchange, chain) -> {
				exchange.getResponse().getHeaders().add("Vary", "Origin");
				return chain.filter(exchange);
			};
		}

		private Mono<String> onceOfEach(ServerWebExchange exchange, String body) {
			return (exchange.getAttributes().put("once", body) == null) ? Mono.just(body)
					: Mono.error(new IllegalStateException("planted"));
		}

		@Bean
		RejectionPolicy failing() {
			return (answer) -> {
				throw new IllegalStateException("planted");
			};
		}

		@Bean
		RejectionPolicy read() {
			return (answer) -> (answer.body() == null) ? Decision.READ_BODY
					: answer.body().contains("expired") ? Decision.RENEW_AND_RESEND : Decision.PASS_ON;
		}

	}

}
