package io.github.evertoken.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.DpopAuthorizationServer;
import io.github.evertoken.test.DpopResourceServer;
import io.github.evertoken.test.TestWebClients;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Stories of a client whose tokens are bound to a key (RFC 9449), over real HTTP, with
 * servers that verify every proof.
 */
class DpopScenarioTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final DpopAuthorizationServer authorizationServer = new DpopAuthorizationServer();

	private final DpopResourceServer inventory = new DpopResourceServer(this.authorizationServer);

	private final DpopResourceServer billing = new DpopResourceServer(this.authorizationServer);

	private final DpopProofs proofs = DpopProofs.withGeneratedKey("ES256");

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings.of("inventory", issuer())
			.dpop(this.proofs)
			.responseTimeout(Duration.ofSeconds(30))
			.build())
		.build();

	private final WebClient webClient = webClient(TestWebClients.builder(1));

	private OAuth2TokenIssuer issuer() {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.authorizationServer.tokenUri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", "secret"))
			.dpop(this.proofs)
			.build();
	}

	private WebClient webClient(WebClient.Builder builder) {
		return builder
			.filter(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder()
						.add(BaseUrl.of(this.inventory.uri().toString()), "inventory")
						.add(BaseUrl.of(this.billing.uri().toString()), "inventory")
						.build()))
			.build();
	}

	@AfterEach
	void close() {
		this.manager.close();
		this.inventory.close();
		this.billing.close();
		this.authorizationServer.close();
	}

	private ResponseEntity<String> call(DpopResourceServer server) {
		return call(server, "/items/7?colour=red&n=1");
	}

	private ResponseEntity<String> call(DpopResourceServer server, String path) {
		return this.webClient.get()
			.uri(server.uri().resolve(path))
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block(LIMIT);
	}

	private ResponseEntity<String> post(WebClient webClient, BodyInserter<?, ? super ClientHttpRequest> body,
			Consumer<Map<String, Object>> attributes) {
		return webClient.post()
			.uri(this.inventory.uri().resolve("/items"))
			.contentType(MediaType.TEXT_PLAIN)
			.attributes(attributes)
			.body(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block(LIMIT);
	}

	@Test
	void callWhenTokensAreBoundThenTokenRequestAndRequestAreProvenWithOneKey() {
		assertThat(call(this.inventory).getBody()).isEqualTo("token-1");
		assertThat(call(this.inventory).getBody()).isEqualTo("token-1");
		assertThat(this.inventory.verifier().claims("jti")).doesNotHaveDuplicates().hasSize(2);
		assertThat(this.inventory.verifier().claims("nonce")).containsExactly(null, null);
		assertThat(this.authorizationServer.requests()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void callWhenConnectorIsAnyThenIsProven(Connector connector) {
		this.inventory.verifier().require("n1");
		WebClient webClient = webClient(connector.webClient());
		assertThat(post(webClient, BodyInserters.fromValue("a body"), (attributes) -> {
		}).getBody()).isEqualTo("token-1: a body");
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce", "token-1");
	}

	@Test
	void callWhenTokenEndpointWantsANonceThenGetsItInTheSameFlight() {
		this.authorizationServer.verifier().require("as-1");
		assertThat(call(this.inventory).getBody()).isEqualTo("token-1");
		assertThat(this.authorizationServer.verifier().claims("nonce")).containsExactly(null, "as-1");
		assertThat(this.authorizationServer.verifier().claims("jti")).doesNotHaveDuplicates();
	}

	@Test
	void callWhenServerGivesANonceWithASuccessThenIsSentIt() {
		this.authorizationServer.verifier().give("as-1");
		this.inventory.verifier().give("rs-1");
		call(this.inventory);
		this.authorizationServer.verifier().require("as-1");
		this.inventory.verifier().require("rs-1");
		this.authorizationServer.revokeAll();
		assertThat(call(this.inventory).getBody()).isEqualTo("token-2");
		assertThat(this.inventory.answers()).containsExactly("token-1", "invalid_token", "token-2");
		assertThat(this.authorizationServer.verifier().claims("nonce")).containsExactly(null, "as-1");
	}

	@Test
	void callWhenServerGivesAnotherNonceWithEachSuccessThenIsSentTheLatest() {
		this.inventory.verifier().require("first");
		this.inventory.rotateNonceWithEachSuccess();
		for (int i = 0; i < 3; i++) {
			call(this.inventory);
		}
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce", "token-1", "token-1", "token-1");
		assertThat(this.inventory.verifier().claims("nonce")).containsExactly(null, "first", "rotated-2", "rotated-3");
	}

	@Test
	void callWhenTwoOriginsGiveNoncesThenEachIsSentItsOwn() {
		this.authorizationServer.verifier().require("as");
		this.inventory.verifier().require("inventory");
		this.billing.verifier().require("billing");
		for (int i = 0; i < 3; i++) {
			assertThat(call(this.inventory).getBody()).isEqualTo("token-1");
			assertThat(call(this.billing).getBody()).isEqualTo("token-1");
		}
		assertThat(this.inventory.verifier().claims("nonce")).containsExactly(null, "inventory", "inventory",
				"inventory");
		assertThat(this.billing.verifier().claims("nonce")).containsExactly(null, "billing", "billing", "billing");
	}

	@Test
	void callWhenNonceIsStaleThenIsSentOnceMoreWithTheNewOne() {
		this.inventory.verifier().require("n1");
		call(this.inventory);
		this.inventory.verifier().require("n2");
		assertThat(call(this.inventory).getBody()).isEqualTo("token-1");
		assertThat(this.inventory.verifier().claims("nonce")).containsExactly(null, "n1", "n1", "n2");
		assertThat(this.inventory.verifier().claims("jti")).doesNotHaveDuplicates();
		assertThat(this.authorizationServer.issued()).isEqualTo(1);
	}

	@Test
	@Tag("RJ-1")
	void callWhenBothNonceAndTokenAreRefusedThenRecoversFromBoth() {
		call(this.inventory);
		this.inventory.verifier().require("n1");
		this.authorizationServer.revokeAll();
		assertThat(call(this.inventory).getBody()).isEqualTo("token-2");
		assertThat(this.inventory.answers()).containsExactly("token-1", "use_dpop_nonce", "invalid_token", "token-2");
	}

	@Test
	@Tag("RJ-1")
	void callWhenNonceIsWantedForTheRenewedTokenThenIsSentItToo() {
		AccessToken first = this.manager.token(KEY).block(LIMIT);
		this.authorizationServer.revokeAll();
		AtomicInteger attempts = new AtomicInteger();
		WebClient webClient = this.webClient.mutate().filter((request, next) -> {
			if (attempts.incrementAndGet() == 2) {
				this.inventory.verifier().require("n1");
			}
			return next.exchange(request);
		}).build();
		String answer = webClient.get().uri(this.inventory.uri()).retrieve().bodyToMono(String.class).block(LIMIT);
		assertThat(answer).isEqualTo("token-2");
		assertThat(first.headerValue()).startsWith("DPoP ");
		assertThat(this.inventory.answers()).containsExactly("invalid_token", "use_dpop_nonce", "token-2");
	}

	@Test
	@Tag("RJ-1")
	void callWhenAnotherNonceIsWantedForTheRenewedTokenThenPassesTheThird401On() {
		call(this.inventory);
		this.inventory.verifier().require("n1");
		this.authorizationServer.revokeAll();
		AtomicInteger attempts = new AtomicInteger();
		WebClient webClient = this.webClient.mutate().filter((request, next) -> {
			if (attempts.incrementAndGet() == 3) {
				this.inventory.verifier().require("n2");
			}
			return next.exchange(request);
		}).build();
		assertThat(webClient.get()
			.uri(this.inventory.uri())
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value()))
			.block(LIMIT)).isEqualTo(401);
		assertThat(this.inventory.answers()).containsExactly("token-1", "use_dpop_nonce", "invalid_token",
				"use_dpop_nonce");
		assertThat(call(this.inventory).getBody()).isEqualTo("token-2");
	}

	@Test
	@Tag("RJ-1")
	void callWhenServerWantsAnotherNonceEachTimeThenPassesTheSecond401On() {
		this.inventory.wantAnotherNonceEachTime();
		ResponseEntity<String> answer = call(this.inventory);
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce", "use_dpop_nonce");
		assertThat(this.authorizationServer.issued()).isEqualTo(1);
	}

	@Test
	void callWhenCallerSubscribesAgainThenHasANonceAttemptAgain() {
		this.inventory.verifier().require("n1");
		Mono<String> call = this.webClient.get()
			.uri(this.inventory.uri())
			.exchangeToMono((response) -> response.bodyToMono(String.class));
		assertThat(call.block(LIMIT)).isEqualTo("token-1");
		this.inventory.verifier().require("n2");
		assertThat(call.block(LIMIT)).isEqualTo("token-1");
	}

	@Test
	void callWhenAFilterOfTheCallersOwnRepeatsItThenEachHasANonceAttempt() {
		AtomicInteger subscriptions = new AtomicInteger();
		WebClient repeating = TestWebClients.builder(1)
			.filter((request, next) -> next.exchange(request)
				.doFirst(() -> this.inventory.verifier().require("n" + subscriptions.incrementAndGet()))
				.flatMap((answer) -> (subscriptions.get() < 3)
						? answer.releaseBody().then(Mono.error(new IOException("again"))) : Mono.just(answer))
				.retry(5))
			.filters((filters) -> filters.add(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(this.inventory.uri().toString()), "inventory").build())))
			.build();
		assertThat(repeating.get().uri(this.inventory.uri()).retrieve().bodyToMono(String.class).block(LIMIT))
			.isEqualTo("token-1");
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce", "token-1", "use_dpop_nonce", "token-1",
				"use_dpop_nonce", "token-1");
	}

	@Test
	@Tag("RJ-7")
	void callWhenBodyIsSingleUseThenPassesThe401OnAndKeepsTheNonce() {
		this.inventory.verifier().require("n1");
		ResponseEntity<String> answer = post(this.webClient, BodyInserters.fromValue("once"),
				TokenAttributes.singleUseBody());
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo("refused: nonce");
		assertThat(this.inventory.answers()).containsExactly("use_dpop_nonce");
		assertThat(post(this.webClient, BodyInserters.fromValue("next"), TokenAttributes.singleUseBody()).getBody())
			.isEqualTo("token-1: next");
	}

	@Test
	@Tag("RJ-7")
	void callWhenBodyFailsTheSecondTimeThenGetsThe401Whole() {
		this.inventory.verifier().require("n1");
		AtomicInteger subscriptions = new AtomicInteger();
		Flux<DataBuffer> body = Flux.defer(() -> (subscriptions.getAndIncrement() == 0)
				? Flux.just(DefaultDataBufferFactory.sharedInstance.wrap("once".getBytes()))
				: Flux.error(new IllegalStateException("already read")));
		ResponseEntity<String> answer = post(this.webClient, BodyInserters.fromDataBuffers(body), (attributes) -> {
		});
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo("refused: nonce");
		assertThat(subscriptions).hasValue(2);
	}

	@Test
	@Tag("RJ-7")
	void callWhenNonceAndTokenAreRefusedThenTheBodyIsSentThreeTimes() {
		call(this.inventory);
		this.inventory.verifier().require("n1");
		this.authorizationServer.revokeAll();
		String body = "0123456789abcdef, \u00e9\u20ac".repeat(10_000);
		assertThat(post(this.webClient, BodyInserters.fromValue(body), (attributes) -> {
		}).getBody()).isEqualTo("token-2: " + body);
	}

	@Test
	@Tag("RJ-5")
	void callWhenThereIsOneConnectionThenThe401IsReleasedFirst() {
		for (int i = 0; i < 5; i++) {
			this.inventory.verifier().require("n" + i);
			assertThat(call(this.inventory).getBody()).isEqualTo("token-1");
		}
		assertThat(this.inventory.answers()).hasSize(10);
	}

	@Test
	@Tag("RJ-6")
	void callWhenTokensAreBoundToAnotherKeyThenRenewsOnceAndPassesThe401On() {
		this.authorizationServer.bindTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
		ResponseEntity<String> answer = call(this.inventory);
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo("refused: the token is not valid");
		assertThat(this.authorizationServer.issued()).isEqualTo(2);
		assertThat(call(this.inventory).getStatusCode().value()).isEqualTo(401);
		assertThat(this.authorizationServer.issued()).isEqualTo(2);
	}

	@Test
	void callWhenTheTokenWasPutInAndItsTypeIsInLowerCaseThenIsProvenToo() {
		String accessToken = this.manager.token(KEY).block(LIMIT).value();
		this.manager.put(KEY, TokenSet.withAccessToken(accessToken).tokenType("dpop").build()).block(LIMIT);
		assertThat(call(this.inventory).getBody()).isEqualTo("token-1");
		assertThat(this.authorizationServer.requests()).isEqualTo(1);
	}

	@Test
	void callWhenTokensAreNotBoundThenIsRefusedAndNotSent() {
		this.authorizationServer.tokenType("Bearer");
		assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> call(this.inventory))
			.withMessageContaining("client 'inventory'")
			.withMessageContaining("token_type is not DPoP");
		assertThat(this.inventory.answers()).isEmpty();
	}

	@Test
	void callWhenProofIsRefusedForAnotherReasonThenPassesThe401On() {
		WebClient elsewhere = this.webClient.mutate()
			.filter((request, next) -> next
				.exchange(ClientRequest.from(request).url(request.url().resolve("/another")).build()))
			.build();
		ResponseEntity<String> answer = elsewhere.get()
			.uri(this.inventory.uri())
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block(LIMIT);
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(this.inventory.answers()).containsExactly("invalid_dpop_proof");
		assertThat(this.authorizationServer.issued()).isEqualTo(1);
	}

	@Test
	void callWhenAFilterFurtherDownCopiesTheRequestThenTheProofGoesWithIt() {
		WebClient copying = this.webClient.mutate()
			.filter((request, next) -> next.exchange(ClientRequest.from(request).header("X-Copied", "yes").build()))
			.build();
		assertThat(copying.get().uri(this.inventory.uri()).retrieve().bodyToMono(String.class).block(LIMIT))
			.isEqualTo("token-1");
	}

	@Test
	void callWhenManyAreMadeAtOnceThenNoProofIsSentTwice() {
		this.inventory.verifier().require("n1");
		Mono<String> call = Mono
			.defer(() -> this.webClient.get().uri(this.inventory.uri()).retrieve().bodyToMono(String.class));
		assertThat(Fixture.failuresOf(Fixture.concurrently(200, call))).isEmpty();
		assertThat(this.inventory.verifier().claims("jti")).doesNotHaveDuplicates();
		assertThat(this.authorizationServer.requests()).isEqualTo(1);
	}

	@Test
	void issuersOwnRequestWhenItGoesToAClientsOriginThenPassesUntouched() {
		OAuth2TokenIssuer issuer = issuer();
		AtomicInteger calls = new AtomicInteger();
		DefaultTokenManager[] manager = new DefaultTokenManager[1];
		WebClient.Builder builder = TestWebClients.builder(1);
		WebClient[] own = new WebClient[1];
		manager[0] = DefaultTokenManager.builder()
			.client(ClientSettings
				.of("inventory",
						(request) -> own[0].get()
							.uri(this.inventory.uri())
							.exchangeToMono((response) -> response.releaseBody().thenReturn(calls.incrementAndGet()))
							.then(issuer.issue(request)))
				.dpop(this.proofs)
				.build())
			.build();
		own[0] = builder
			.filter(new TokenExchangeFilterFunction(manager[0],
					ClientSelector.builder().add(BaseUrl.of(this.inventory.uri().toString()), "inventory").build()))
			.build();
		assertThat(own[0].get().uri(this.inventory.uri()).retrieve().bodyToMono(String.class).block(LIMIT))
			.isEqualTo("token-1");
		assertThat(this.inventory.answers()).containsExactly("invalid_request", "token-1");
		assertThat(calls).hasValue(1);
		manager[0].close();
	}

	@Test
	@Tag("SE-1")
	void callWhenRedirectedToAnotherOriginThenTokenAndProofStayBehind() throws Exception {
		try (MockWebServer elsewhere = new MockWebServer()) {
			elsewhere.start();
			elsewhere.enqueue(new MockResponse.Builder().build());
			this.inventory.redirect(elsewhere.url("/stolen").toString());
			following().get().uri(this.inventory.uri().resolve("/moved")).retrieve().toBodilessEntity().block(LIMIT);
			RecordedRequest redirected = elsewhere.takeRequest(10, TimeUnit.SECONDS);
			assertThat(redirected.getUrl().encodedPath()).isEqualTo("/stolen");
			assertThat(redirected.getHeaders().get("Authorization")).isNull();
			assertThat(redirected.getHeaders().get("DPoP")).isNull();
		}
	}

	@Test
	@DisplayName("a redirect within the origin is proven anew")
	void callWhenRedirectedWithinTheOriginThenHasAProofForTheNewUrl() {
		this.inventory.redirect("/items/8?colour=red");
		assertThat(following().get()
			.uri(this.inventory.uri().resolve("/moved"))
			.retrieve()
			.bodyToMono(String.class)
			.block(LIMIT)).isEqualTo("token-1");
		assertThat(this.inventory.answers()).containsExactly("token-1", "token-1");
	}

	private WebClient following() {
		return webClient(WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(HttpClient.create().followRedirect(true))));
	}

	@Test
	@Tag("SE-2")
	void eventsThenNameNeitherTokenNorProof() {
		List<TokenEvent> events = new CopyOnWriteArrayList<>();
		this.manager.events().subscribe(events::add);
		call(this.inventory);
		String token = this.manager.token(KEY).block(LIMIT).value();
		assertThat(events.toString() + this.proofs + this.manager.lifecycle(KEY)).doesNotContain(token);
	}

}
