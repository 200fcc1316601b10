package io.github.evertoken.gateway;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import org.springframework.web.reactive.socket.client.WebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The WebSockets of routes, in a real gateway and over real HTTP. Each test has a client
 * of its own, which no other test has made wary, and leaves no WebSocket open at the
 * server.
 */
class WebSocketScenarioTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int CLIENTS = 20;

	private static final int PROTOCOL_ERROR = 1002;

	@RegisterExtension
	private static final AuthorizationServer tokens = AuthorizationServer.forClients("gateway");

	/**
	 * One that is in trouble, from which all its clients keep away for a while.
	 */
	@RegisterExtension
	private static final AuthorizationServer troubled = AuthorizationServer.forClients("gateway");

	@RegisterExtension
	private static final AuthorizationServer troubledLater = AuthorizationServer.forClients("gateway");

	private static final AtomicInteger next = new AtomicInteger();

	@RegisterExtension
	private static final Upstream upstream = new Upstream(tokens);

	private static Gateway gateway;

	private final String client = "/c" + next.getAndIncrement();

	private final List<Shown> shown = new CopyOnWriteArrayList<>();

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

	private final AtomicInteger opened = new AtomicInteger();

	private final AtomicInteger left = new AtomicInteger();

	private final List<Caller> callers = new ArrayList<>();

	@BeforeAll
	static void start() {
		next.set(0);
		String webSocket = "ws://127.0.0.1:" + upstream.port();
		List<String> properties = new ArrayList<>(
				List.of("spring.cloud.discovery.client.simple.instances.stock-service[0].uri=" + upstream.url("")));
		int routes = 0;
		for (int i = 0; i < CLIENTS; i++) {
			String client = "c" + i;
			properties.addAll(Gateway.client(upstream, client));
			properties
				.addAll(Gateway.route(routes++, client, webSocket, "/" + client + "/socket", "Evertoken=" + client));
			properties.addAll(Gateway.route(routes++, client + "-upgraded", upstream.url(""),
					"/" + client + "/upgraded", "Evertoken=" + client));
		}
		properties.addAll(Gateway.client(upstream, "balanced", "base-url=http://stock-service/balanced"));
		properties.addAll(Gateway.route(routes++, "balanced", "lb://stock-service", "/balanced", "Evertoken=balanced"));
		properties.addAll(Gateway.client(upstream, "bound", "dpop=true"));
		properties.addAll(Gateway.route(routes++, "bound", webSocket, "/bound", "Evertoken=bound"));
		properties.addAll(Gateway.client(upstream, "relayed", "grant-type=token_exchange"));
		properties.addAll(Gateway.route(routes++, "relayed", webSocket, "/relayed", "EvertokenRelay=relayed"));
		properties.addAll(Gateway.client(upstream, "down", "token-uri=" + troubled.tokenUri(),
				"client-secret=" + troubled.clientSecret("gateway"), "retry.patience=0s"));
		properties.addAll(Gateway.route(routes++, "down", webSocket, "/down", "Evertoken=down"));
		properties.addAll(Gateway.client(upstream, "once", "token-uri=" + troubledLater.tokenUri(),
				"client-secret=" + troubledLater.clientSecret("gateway"), "retry.patience=0s"));
		properties.addAll(Gateway.route(routes++, "once", webSocket, "/once", "Evertoken=once"));
		properties.addAll(Gateway.route(routes++, "plain", webSocket, "/plain"));
		gateway = Gateway.start(Nothing.class, properties);
	}

	@AfterAll
	static void stop() {
		gateway.close();
	}

	@AfterEach
	void leave() {
		this.callers.forEach(Caller::leave);
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.left.get()).as("left").isEqualTo(this.opened.get()));
	}

	@Test
	@Tag("GW-11")
	void handshakeThenGoesWithTheTokenAndAllElseAsItCame() {
		serve(this.client + "/socket");
		Caller caller = call(this.client + "/socket");
		assertThat(caller.text).succeedsWithin(LIMIT).isEqualTo(upstream.lastToken());
		assertThat(caller.webSocket().getSubprotocol()).isEqualTo("changes");
		assertThat(this.shown).containsExactly(new Shown(upstream.lastToken(), "1", "changes", ""));
	}

	@Test
	@Tag("GW-7")
	void handshakeWhenNoTokenCanBeHadThenItsCallerIsToldByStatus() {
		troubled.disturb(Fault.status(503));
		serve("/down");
		assertThat(connect(gateway, "/down", new Caller(), "planted")).failsWithin(LIMIT)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(WebSocketHandshakeException.class,
					(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(503));
		assertThat(this.shown).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/socket", "/upgraded" })
	@Tag("GW-13")
	void handshakeWhenItsTokenIsRefusedThenIsMadeOnceMoreWithTheNext(String path) {
		assertIsMadeOnceMore(this.client + path);
	}

	@Test
	@Tag("GW-13")
	void handshakeWhenALoadBalancerChoosesTheInstanceThenIsMadeOnceMoreToo() {
		assertIsMadeOnceMore("/balanced");
	}

	private void assertIsMadeOnceMore(String path) {
		serve(path);
		this.refused.add("Bearer t1");
		Caller caller = call(path);
		assertThat(caller.text).succeedsWithin(LIMIT).isEqualTo("Bearer t2");
		assertThat(caller.webSocket().getSubprotocol()).isEqualTo("changes");
		assertThat(this.shown).containsExactly(new Shown("Bearer t1", "1", "changes", ""),
				new Shown("Bearer t2", "1", "changes", ""));
		assertThat(call(path).text).succeedsWithin(LIMIT).isEqualTo("Bearer t2");
		assertThat(tokens).receivedTokenRequests(2);
	}

	@Test
	@Tag("GW-13")
	void handshakeWhenEveryTokenIsRefusedThenIsMadeTwiceAndItsCallerIsLeft() {
		serve(this.client + "/socket");
		this.refused.add("Bearer t1");
		this.refused.add("Bearer t2");
		assertThat(call(this.client + "/socket").closed).succeedsWithin(LIMIT).isEqualTo(PROTOCOL_ERROR);
		assertThat(this.shown).extracting(Shown::authorization).containsExactly("Bearer t1", "Bearer t2");
	}

	@Test
	@Tag("GW-13")
	void handshakeWhenNoOtherTokenCanBeHadThenItsCallerIsLeft() {
		upstream.handle("/once", (request, response) -> {
			this.shown.add(Shown.of(request));
			troubledLater.disturb(Fault.status(503));
			return refuse(response);
		});
		assertThat(call("/once").closed).succeedsWithin(LIMIT).isEqualTo(PROTOCOL_ERROR);
		assertThat(this.shown).hasSize(1);
	}

	@Test
	@Tag("GW-13")
	void handshakesWhenTheirTokenIsRefusedAtTheSameTimeThenOneRenewalIsForAll() {
		int callers = 10;
		Sinks.Empty<Void> all = Sinks.empty();
		upstream.handle(this.client + "/socket", (request, response) -> {
			Shown handshake = show(request);
			if (!handshake.authorization().equals("Bearer t1")) {
				return accept(handshake, response);
			}
			if (this.shown.size() == callers) {
				all.emitEmpty(Sinks.EmitFailureHandler.busyLooping(LIMIT));
			}
			return all.asMono().then(Mono.from(Mono.defer(() -> Mono.from(refuse(response)))));
		});
		List<Caller> parallel = IntStream.range(0, callers).mapToObj((i) -> call(this.client + "/socket")).toList();
		assertThat(parallel)
			.allSatisfy((caller) -> assertThat(caller.text).succeedsWithin(LIMIT).isEqualTo("Bearer t2"));
		assertThat(this.shown).hasSize(2 * callers);
		assertThat(tokens).receivedTokenRequests(2);
	}

	@Test
	@Tag("GW-13")
	void handshakeWhenItIsRefusedAfterAnotherHasBroughtTheNextTokenThenGoesWithThat() {
		Sinks.Empty<Void> late = Sinks.empty();
		upstream.handle(this.client + "/socket", (request, response) -> {
			Shown handshake = show(request);
			if (!handshake.authorization().equals("Bearer t1")) {
				return accept(handshake, response);
			}
			return (this.shown.size() == 1) ? late.asMono().then(Mono.defer(() -> Mono.from(refuse(response))))
					: refuse(response);
		});
		Caller first = call(this.client + "/socket");
		Awaitility.await().atMost(LIMIT).until(() -> this.shown.size() == 1);
		assertThat(call(this.client + "/socket").text).succeedsWithin(LIMIT).isEqualTo("Bearer t2");
		late.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
		assertThat(first.text).succeedsWithin(LIMIT).isEqualTo("Bearer t2");
		assertThat(tokens).receivedTokenRequests(2);
	}

	@Test
	@Tag("GW-13")
	void handshakeWhenItIsOnBehalfOfItsCallerThenIsSoTheSecondTimeToo() {
		serve("/relayed");
		this.refused.add("Bearer t1");
		Caller caller = new Caller();
		connect(gateway, "/relayed", caller, tokens.userToken("alice"));
		assertThat(caller.text).succeedsWithin(LIMIT).isEqualTo("Bearer t2");
		assertThat(tokens.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::subject)
			.containsExactly("alice", "alice");
	}

	@Test
	@Tag("GW-12")
	@Tag("GW-13")
	void handshakeWhenItsTokenIsBoundThenShowsItsProofAndTakesANonce() {
		List<String> proofs = new CopyOnWriteArrayList<>();
		upstream.handle("/bound", (request, response) -> {
			proofs.addAll(request.requestHeaders().getAll("DPoP"));
			Shown handshake = show(request);
			return (proofs.size() > 1) ? accept(handshake, response)
					: response.status(401)
						.header("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"")
						.header("DPoP-Nonce", "planted-nonce")
						.send();
		});
		assertThat(call("/bound").text).succeedsWithin(LIMIT).isEqualTo("DPoP t1");
		assertThat(proofs).hasSize(2)
			.allSatisfy((proof) -> assertThat(RouteUrlScenarioTests.claims(proof))
				.contains("\"" + upstream.url("/bound") + "\"", "\"GET\""));
		assertThat(RouteUrlScenarioTests.claims(proofs.get(1))).contains("planted-nonce");
		assertThat(tokens).receivedTokenRequests(1);
	}

	@Test
	@Tag("GW-11")
	void handshakeWhenItsRouteHasNoFilterThenIsLeftAsItIs() {
		serve("/plain");
		assertThat(call("/plain").text).succeedsWithin(LIMIT).isEqualTo("Bearer planted");
		this.refused.add("Bearer planted");
		assertThat(call("/plain").closed).succeedsWithin(LIMIT).isEqualTo(PROTOCOL_ERROR);
		assertThat(this.shown).containsExactly(new Shown("Bearer planted", "1", "changes", ""),
				new Shown("Bearer planted", "1", "changes", ""));
		assertThat(tokens).receivedNoTokenRequest();
	}

	@Test
	@Tag("GW-8")
	void callerWhenItGoesAwayBetweenTheHandshakesThenTheServerIsLeft() {
		Sinks.Empty<Void> gone = Sinks.empty();
		upstream.handle(this.client + "/socket", (request, response) -> {
			Shown handshake = show(request);
			return (this.shown.size() > 1) ? accept(handshake, response)
					: gone.asMono().then(Mono.defer(() -> Mono.from(refuse(response))));
		});
		Caller caller = call(this.client + "/socket");
		Awaitility.await().atMost(LIMIT).until(() -> this.shown.size() == 1);
		caller.leave();
		// The gateway has answered, so that it knows.
		assertThat(caller.closed).succeedsWithin(LIMIT);
		gone.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
		Awaitility.await().atMost(LIMIT).until(() -> this.opened.get() == 1);
		Awaitility.await().atMost(LIMIT).until(() -> this.left.get() == 1);
	}

	@Test
	@Tag("GW-8")
	void callersWhenTheyCloseAtAnyMomentThenNoWebSocketStaysOpen() {
		Random random = new Random(Long.getLong("seed", 20261126L));
		AtomicInteger refusals = new AtomicInteger();
		upstream.handle(this.client + "/socket", (request, response) -> {
			Shown handshake = show(request);
			return (refusals.getAndUpdate((more) -> Math.max(0, more - 1)) > 0) ? refuse(response)
					: accept(handshake, response);
		});
		for (int i = 0; i < Integer.getInteger("rounds", 100); i++) {
			int before = this.shown.size();
			int handshakes = random.nextInt(4);
			refusals.set(random.nextInt(2));
			Caller caller = call(this.client + "/socket");
			while (this.shown.size() < before + handshakes && !caller.text.isDone() && !caller.closed.isDone()) {
				Thread.onSpinWait();
			}
			for (int spins = random.nextInt(200_000); spins > 0; spins--) {
				Thread.onSpinWait();
			}
			caller.leave();
			assertThat(caller.closed.handle((status, error) -> true)).succeedsWithin(LIMIT);
		}
	}

	@Test
	@Tag("GW-13")
	void handshakeWhenTheClientOfWebSocketsIsTheApplicationsOwnThenIsMadeOnceMoreToo() {
		serve("/own");
		this.refused.add("Bearer t1");
		try (Gateway own = startOwn(OwnClient.class)) {
			Caller caller = call(own, "/own");
			assertThat(caller.text).succeedsWithin(LIMIT).isEqualTo("Bearer t2");
			caller.leave();
		}
		assertThat(this.shown).extracting(Shown::own).containsExactly("yes", "yes");
	}

	@Test
	@Tag("GW-11")
	void handshakeWhenTheClientOfWebSocketsIsOfAnotherKindThenIsMadeOnceWithTheToken() {
		serve("/own");
		try (Gateway own = startOwn(OtherClient.class)) {
			Caller caller = call(own, "/own");
			assertThat(caller.text).succeedsWithin(LIMIT).isEqualTo("Bearer t1");
			caller.leave();
			this.refused.add("Bearer t1");
			assertThat(call(own, "/own").closed).succeedsWithin(LIMIT).isEqualTo(PROTOCOL_ERROR);
		}
		assertThat(this.shown).extracting(Shown::own).containsExactly("yes", "yes");
		assertThat(tokens).receivedTokenRequests(1);
	}

	private static Gateway startOwn(Class<?> configuration) {
		List<String> properties = Gateway.client(upstream, "own");
		properties.addAll(Gateway.route(0, "own", upstream.url(""), "/own", "Evertoken=own"));
		return Gateway.start(configuration, properties);
	}

	private void serve(String path) {
		upstream.handle(path, (request, response) -> {
			Shown handshake = show(request);
			return this.refused.contains(handshake.authorization()) ? refuse(response) : accept(handshake, response);
		});
	}

	private Shown show(HttpServerRequest request) {
		Shown handshake = Shown.of(request);
		this.shown.add(handshake);
		return handshake;
	}

	private static Publisher<Void> refuse(HttpServerResponse response) {
		return response.status(401).header("WWW-Authenticate", "Bearer error=\"invalid_token\"").send();
	}

	/**
	 * Say what was shown. Whoever closes at once may be gone before the gateway has
	 * passed on what was said.
	 */
	private Publisher<Void> accept(Shown handshake, HttpServerResponse response) {
		WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder();
		return response.sendWebsocket((in, out) -> {
			this.opened.incrementAndGet();
			return out.sendString(Mono.just(handshake.authorization()))
				.then()
				.then(in.receive().then())
				.doFinally((end) -> this.left.incrementAndGet());
		}, handshake.protocols().isEmpty() ? spec.build() : spec.protocols(handshake.protocols()).build());
	}

	private Caller call(String path) {
		return call(gateway, path);
	}

	private Caller call(Gateway gateway, String path) {
		Caller caller = new Caller();
		connect(gateway, path, caller, "planted").join();
		return caller;
	}

	private CompletableFuture<WebSocket> connect(Gateway gateway, String path, Caller caller, String token) {
		this.callers.add(caller);
		return gateway.caller()
			.newWebSocketBuilder()
			.subprotocols("changes")
			.header("Authorization", "Bearer " + token)
			.header("X-Mine", "1")
			.buildAsync(webSocketUrl(gateway, path), caller);
	}

	private static URI webSocketUrl(Gateway gateway, String path) {
		return URI.create(gateway.url(path).toString().replaceFirst("http", "ws"));
	}

	/**
	 * What a handshake has shown.
	 */
	private record Shown(String authorization, String mine, String protocols, String own) {

		static Shown of(HttpServerRequest request) {
			return new Shown(upstream.authorization(request), request.requestHeaders().get("X-Mine", ""),
					request.requestHeaders().get("Sec-WebSocket-Protocol", ""),
					request.requestHeaders().get("X-Own", ""));
		}

	}

	/**
	 * The caller's end of a WebSocket.
	 */
	private static final class Caller implements WebSocket.Listener {

		private final CompletableFuture<WebSocket> webSocket = new CompletableFuture<>();

		private final CompletableFuture<String> text = new CompletableFuture<>();

		private final CompletableFuture<Integer> closed = new CompletableFuture<>();

		WebSocket webSocket() {
			return this.webSocket.join();
		}

		/**
		 * The gateway waits for it when it stops.
		 */
		void leave() {
			this.webSocket.thenAccept((webSocket) -> webSocket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
		}

		@Override
		public void onOpen(WebSocket webSocket) {
			this.webSocket.complete(webSocket);
			WebSocket.Listener.super.onOpen(webSocket);
		}

		@Override
		public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.text.complete(data.toString());
			return WebSocket.Listener.super.onText(webSocket, data, last);
		}

		@Override
		public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
			this.closed.complete(status);
			return WebSocket.Listener.super.onClose(webSocket, status, reason);
		}

		@Override
		public void onError(WebSocket webSocket, Throwable error) {
			this.closed.completeExceptionally(error);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	/**
	 * A second gateway, whose end is not that of the first one's event loops.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnResources {

		@Bean
		ReactorResourceFactory resources() {
			ReactorResourceFactory resources = new ReactorResourceFactory();
			resources.setUseGlobalResources(false);
			return resources;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(OwnResources.class)
	static class OwnClient {

		@Bean
		@Primary
		ReactorNettyWebSocketClient own() {
			return new ReactorNettyWebSocketClient(
					HttpClient.create().headers((headers) -> headers.set("X-Own", "yes")));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(OwnResources.class)
	static class OtherClient {

		@Bean
		@Primary
		WebSocketClient other() {
			ReactorNettyWebSocketClient client = new OwnClient().own();
			return new WebSocketClient() {

				@Override
				public Mono<Void> execute(URI url, WebSocketHandler handler) {
					return client.execute(url, handler);
				}

				@Override
				public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
					return client.execute(url, headers, handler);
				}

			};
		}

	}

}
