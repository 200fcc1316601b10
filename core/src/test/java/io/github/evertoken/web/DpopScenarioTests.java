package io.github.evertoken.web;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.ReceivedProofs;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.support.TestWebClients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

	private static final String REFUSED_FOR_ITS_NONCE = "The proof must have the nonce that comes with this answer";

	@RegisterExtension
	final AuthorizationServer authorizationServer = AuthorizationServer.forClients("orders")
		.requireDpop()
		.withRefreshTokens();

	@RegisterExtension
	final AuthorizationServer inventory = AuthorizationServer.forClients().acceptTokensOf(this.authorizationServer);

	@RegisterExtension
	final AuthorizationServer billing = AuthorizationServer.forClients().acceptTokensOf(this.authorizationServer);

	private final DpopProofs proofs = DpopProofs.withGeneratedKey("ES256");

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings.of("inventory", issuer())
			.dpop(this.proofs)
			.responseTimeout(Duration.ofSeconds(30))
			.maxWait(LIMIT)
			.build())
		.build();

	private final WebClient webClient = webClient(TestWebClients.builder(1));

	private OAuth2TokenIssuer issuer() {
		return issuer(this.proofs);
	}

	private OAuth2TokenIssuer issuer(DpopProofs proofs) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(URI.create(this.authorizationServer.tokenUri()))
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic("orders", this.authorizationServer.clientSecret("orders")))
			.dpop(proofs)
			.build();
	}

	private WebClient webClient(WebClient.Builder builder) {
		return builder
			.filter(TokenExchangeFilterFunction.builder(this.manager,
					ClientSelector.builder()
						.add(BaseUrl.of(this.inventory.resourceUri()), "inventory")
						.add(BaseUrl.of(this.billing.resourceUri()), "inventory")
						.build())
				.bodyTime(LIMIT)
				.build())
			.build();
	}

	@AfterEach
	void close() {
		this.manager.close();
	}

	private ResponseEntity<String> call(AuthorizationServer server) {
		return call(this.webClient, server);
	}

	private static ResponseEntity<String> call(WebClient webClient, AuthorizationServer server) {
		return webClient.get()
			.uri(server.resourceUri() + "/items/7?colour=red&n=1")
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block(LIMIT);
	}

	/**
	 * Return what the requests were answered with: the number of the token, or the error.
	 */
	static List<String> answers(AuthorizationServer server) {
		return server.requests(Endpoint.RESOURCE)
			.stream()
			.map((request) -> (request.status() == 200) ? "token-" + request.accessToken()
					: String.valueOf(request.error()))
			.toList();
	}

	private static List<Object> claims(AuthorizationServer server, String name) {
		return ReceivedProofs.claims(server, Endpoint.RESOURCE, name);
	}

	/**
	 * Have each attempt look different to the server.
	 */
	private WebClient beforeAttempt(IntConsumer action) {
		AtomicInteger attempts = new AtomicInteger();
		return this.webClient.mutate().filter((request, next) -> {
			action.accept(attempts.incrementAndGet());
			return next.exchange(request);
		}).build();
	}

	private ResponseEntity<String> post(WebClient webClient, BodyInserter<?, ? super ClientHttpRequest> body,
			Consumer<Map<String, Object>> attributes) {
		return webClient.post()
			.uri(this.inventory.resourceUri() + "/items")
			.contentType(MediaType.TEXT_PLAIN)
			.attributes(attributes)
			.body(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block(LIMIT);
	}

	@Test
	void callWhenTokensAreBoundThenTokenRequestAndRequestAreProvenWithOneKey() {
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 1");
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 1");
		assertThat(claims(this.inventory, "jti")).doesNotHaveDuplicates().hasSize(2);
		assertThat(claims(this.inventory, "nonce")).containsExactly(null, null);
		assertThat(this.authorizationServer).receivedTokenRequests(1);
		assertThat(ReceivedProofs.of(this.authorizationServer, Endpoint.TOKEN)).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void callWhenConnectorIsAnyThenIsProven(Connector connector) {
		this.inventory.requireDpopNonce();
		WebClient webClient = webClient(connector.webClient());
		assertThat(post(webClient, BodyInserters.fromValue("a body"), (attributes) -> {
		}).getBody()).isEqualTo("post with access token 1");
		assertThat(answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1");
		assertThat(this.inventory).requests(Endpoint.RESOURCE).extracting(ReceivedRequest::body).containsOnly("a body");
	}

	@Test
	void callWhenTokenEndpointWantsANonceThenGetsItInTheSameFlight() {
		this.authorizationServer.requireDpopNonce();
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 1");
		assertThat(this.authorizationServer).requests(Endpoint.TOKEN)
			.extracting(ReceivedRequest::error)
			.containsExactly("use_dpop_nonce", null);
		assertThat(ReceivedProofs.claims(this.authorizationServer, Endpoint.TOKEN, "nonce")).startsWith((Object) null);
		assertThat(ReceivedProofs.claims(this.authorizationServer, Endpoint.TOKEN, "jti")).doesNotHaveDuplicates();
		assertThat(claims(this.inventory, "nonce")).containsOnlyNulls();
	}

	@Test
	void callWhenServerGivesANonceWithASuccessThenIsSentIt() {
		this.authorizationServer.disturb(Fault.slow(Duration.ZERO).withHeader("DPoP-Nonce", "as-1"));
		this.inventory.disturb(Fault.slow(Duration.ZERO).withHeader("DPoP-Nonce", "rs-1").at(Endpoint.RESOURCE));
		call(this.inventory);
		this.authorizationServer.revokeAccessTokens();
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 2");
		assertThat(answers(this.inventory)).containsExactly("token-1", "invalid_token", "token-2");
		assertThat(claims(this.inventory, "nonce")).containsExactly(null, "rs-1", "rs-1");
		assertThat(ReceivedProofs.claims(this.authorizationServer, Endpoint.TOKEN, "nonce")).containsExactly(null,
				"as-1");
	}

	@Test
	void callWhenServerGivesAnotherNonceWithEachSuccessThenIsSentTheLatest() {
		this.inventory.rotateDpopNonce();
		for (int i = 0; i < 3; i++) {
			call(this.inventory);
		}
		assertThat(answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1", "token-1", "token-1");
		assertThat(claims(this.inventory, "nonce")).hasSize(4).doesNotHaveDuplicates().startsWith((Object) null);
	}

	@Test
	void callWhenTwoOriginsGiveNoncesThenEachIsSentItsOwn() {
		this.authorizationServer.requireDpopNonce();
		this.inventory.requireDpopNonce();
		this.billing.requireDpopNonce();
		for (int i = 0; i < 3; i++) {
			assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 1");
			assertThat(call(this.billing).getBody()).isEqualTo("get with access token 1");
		}
		for (AuthorizationServer server : List.of(this.inventory, this.billing)) {
			assertThat(answers(server)).containsExactly("use_dpop_nonce", "token-1", "token-1", "token-1");
			assertThat(claims(server, "nonce")).startsWith((Object) null);
		}
	}

	@Test
	void callWhenNonceIsStaleThenIsSentOnceMoreWithTheNewOne() {
		this.inventory.requireDpopNonce();
		call(this.inventory);
		this.inventory.changeDpopNonce();
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 1");
		assertThat(answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1", "use_dpop_nonce", "token-1");
		List<Object> nonces = claims(this.inventory, "nonce");
		assertThat(nonces.get(0)).isNull();
		assertThat(nonces.get(2)).isEqualTo(nonces.get(1)).isNotEqualTo(nonces.get(3));
		assertThat(claims(this.inventory, "jti")).doesNotHaveDuplicates();
		assertThat(this.authorizationServer).issuedAccessTokens(1);
	}

	@Test
	@Tag("RJ-1")
	void callWhenBothNonceAndTokenAreRefusedThenRecoversFromBoth() {
		call(this.inventory);
		this.inventory.requireDpopNonce();
		this.authorizationServer.revokeAccessTokens();
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 2");
		assertThat(answers(this.inventory)).containsExactly("token-1", "use_dpop_nonce", "invalid_token", "token-2");
	}

	@Test
	@Tag("RJ-1")
	void callWhenNonceIsWantedForTheRenewedTokenThenIsSentItToo() {
		AccessToken first = this.manager.token(KEY).block(LIMIT);
		this.authorizationServer.revokeAccessTokens();
		WebClient webClient = beforeAttempt((attempt) -> {
			if (attempt == 2) {
				this.inventory.requireDpopNonce();
			}
		});
		assertThat(call(webClient, this.inventory).getBody()).isEqualTo("get with access token 2");
		assertThat(first.headerValue()).startsWith("DPoP ");
		assertThat(answers(this.inventory)).containsExactly("invalid_token", "use_dpop_nonce", "token-2");
	}

	@Test
	@Tag("RJ-1")
	void callWhenAnotherNonceIsWantedForTheRenewedTokenThenPassesTheThird401On() {
		call(this.inventory);
		this.inventory.requireDpopNonce();
		this.authorizationServer.revokeAccessTokens();
		WebClient webClient = beforeAttempt((attempt) -> {
			if (attempt == 3) {
				this.inventory.changeDpopNonce();
			}
		});
		assertThat(call(webClient, this.inventory).getStatusCode().value()).isEqualTo(401);
		assertThat(answers(this.inventory)).containsExactly("token-1", "use_dpop_nonce", "invalid_token",
				"use_dpop_nonce");
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 2");
	}

	@Test
	@Tag("RJ-1")
	void callWhenServerWantsAnotherNonceEachTimeThenPassesTheSecond401On() {
		this.inventory.requireDpopNonce();
		WebClient webClient = beforeAttempt((attempt) -> this.inventory.changeDpopNonce());
		assertThat(call(webClient, this.inventory).getStatusCode().value()).isEqualTo(401);
		assertThat(answers(this.inventory)).containsExactly("use_dpop_nonce", "use_dpop_nonce");
		assertThat(claims(this.inventory, "nonce")).doesNotHaveDuplicates().startsWith((Object) null);
		assertThat(this.authorizationServer).issuedAccessTokens(1);
	}

	@Test
	void callWhenCallerSubscribesAgainThenHasANonceAttemptAgain() {
		this.inventory.requireDpopNonce();
		Mono<String> call = this.webClient.get()
			.uri(this.inventory.resourceUri())
			.exchangeToMono((response) -> response.bodyToMono(String.class));
		assertThat(call.block(LIMIT)).isEqualTo("get with access token 1");
		this.inventory.changeDpopNonce();
		assertThat(call.block(LIMIT)).isEqualTo("get with access token 1");
		assertThat(answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1", "use_dpop_nonce", "token-1");
	}

	@Test
	void callWhenAFilterOfTheCallersOwnRepeatsItThenEachHasANonceAttempt() {
		this.inventory.requireDpopNonce();
		AtomicInteger subscriptions = new AtomicInteger();
		WebClient repeating = TestWebClients.builder(1).filter((request, next) -> next.exchange(request).doFirst(() -> {
			subscriptions.incrementAndGet();
			this.inventory.changeDpopNonce();
		})
			.flatMap((answer) -> (subscriptions.get() < 3)
					? answer.releaseBody().then(Mono.error(new IOException("again"))) : Mono.just(answer))
			.retry(5))
			.filters((filters) -> filters.add(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(this.inventory.resourceUri()), "inventory").build())))
			.build();
		assertThat(call(repeating, this.inventory).getBody()).isEqualTo("get with access token 1");
		assertThat(answers(this.inventory)).containsExactly("use_dpop_nonce", "token-1", "use_dpop_nonce", "token-1",
				"use_dpop_nonce", "token-1");
	}

	@Test
	@Tag("RJ-7")
	void callWhenBodyIsSingleUseThenPassesThe401OnAndKeepsTheNonce() {
		this.inventory.requireDpopNonce();
		ResponseEntity<String> answer = post(this.webClient, BodyInserters.fromValue("once"),
				TokenAttributes.singleUseBody());
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo(REFUSED_FOR_ITS_NONCE);
		assertThat(answers(this.inventory)).containsExactly("use_dpop_nonce");
		assertThat(post(this.webClient, BodyInserters.fromValue("next"), TokenAttributes.singleUseBody()).getBody())
			.isEqualTo("post with access token 1");
		assertThat(this.inventory).requests(Endpoint.RESOURCE)
			.extracting(ReceivedRequest::body)
			.containsExactly("once", "next");
	}

	@Test
	@Tag("RJ-7")
	void callWhenBodyFailsTheSecondTimeThenGetsThe401Whole() {
		this.inventory.requireDpopNonce();
		AtomicInteger subscriptions = new AtomicInteger();
		Flux<DataBuffer> body = Flux.defer(() -> (subscriptions.getAndIncrement() == 0)
				? Flux.just(DefaultDataBufferFactory.sharedInstance.wrap("once".getBytes()))
				: Flux.error(new IllegalStateException("already read")));
		ResponseEntity<String> answer = post(this.webClient, BodyInserters.fromDataBuffers(body), (attributes) -> {
		});
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo(REFUSED_FOR_ITS_NONCE);
		assertThat(subscriptions).hasValue(2);
	}

	@Test
	@Tag("RJ-7")
	void callWhenNonceAndTokenAreRefusedThenTheBodyIsSentThreeTimes() {
		call(this.inventory);
		this.inventory.requireDpopNonce();
		this.authorizationServer.revokeAccessTokens();
		String body = "0123456789abcdef, \u00e9\u20ac".repeat(10_000);
		assertThat(post(this.webClient, BodyInserters.fromValue(body), (attributes) -> {
		}).getBody()).isEqualTo("post with access token 2");
		assertThat(answers(this.inventory)).containsExactly("token-1", "use_dpop_nonce", "invalid_token", "token-2");
		assertThat(this.inventory.requests(Endpoint.RESOURCE)).map(ReceivedRequest::body)
			.containsExactly("", body, body, body);
	}

	@Test
	@Tag("RJ-5")
	void callWhenThereIsOneConnectionThenThe401IsReleasedFirst() {
		this.inventory.requireDpopNonce();
		for (int i = 0; i < 5; i++) {
			this.inventory.changeDpopNonce();
			assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 1");
		}
		assertThat(answers(this.inventory)).hasSize(10);
	}

	@Test
	@Tag("RJ-6")
	void callWhenTokensAreBoundToAnotherKeyThenRenewsOnceAndPassesThe401On() {
		this.authorizationServer.withJwts();
		OAuth2TokenIssuer another = issuer(DpopProofs.withGeneratedKey("ES256"));
		TokenRequest request = new TokenRequest(KEY, Trigger.USE, null);
		String second = another.issue(request).block(LIMIT).accessToken();
		String first = another.issue(request).block(LIMIT).accessToken();
		this.authorizationServer.forgetRequests();
		this.authorizationServer.disturb(issued(second, "DPoP").times(1)).disturb(issued(first, "DPoP").times(1));
		ResponseEntity<String> answer = call(this.inventory);
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo("The token is bound to another key");
		assertThat(this.authorizationServer).receivedTokenRequests(2);
		assertThat(call(this.inventory).getStatusCode().value()).isEqualTo(401);
		assertThat(this.authorizationServer).receivedTokenRequests(2);
		assertThat(this.inventory).receivedResourceRequestsWithAccessTokens(2, 1, 1);
	}

	private static Fault issued(String accessToken, String tokenType) {
		return Fault.answer(200, "application/json",
				"{\"access_token\":\"" + accessToken + "\",\"token_type\":\"" + tokenType + "\",\"expires_in\":3600}");
	}

	@Test
	void callWhenTheTokenWasPutInAndItsTypeIsInLowerCaseThenIsProvenToo() {
		this.authorizationServer.withJwts();
		String accessToken = this.manager.token(KEY).block(LIMIT).value();
		this.manager.put(KEY, TokenSet.withAccessToken(accessToken).tokenType("dpop").build()).block(LIMIT);
		assertThat(call(this.inventory).getBody()).isEqualTo("get with access token 1");
		assertThat(this.authorizationServer).receivedTokenRequests(1);
	}

	@Test
	void callWhenTokensAreNotBoundThenIsRefusedAndNotSent() {
		this.authorizationServer.disturb(issued("planted", "Bearer"));
		assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> call(this.inventory))
			.withMessageContaining("client 'inventory'")
			.withMessageContaining("token_type is not DPoP");
		assertThat(this.inventory).receivedResourceRequests(0);
	}

	@Test
	void callWhenProofIsRefusedForAnotherReasonThenPassesThe401On() {
		URI another = URI.create(this.inventory.resourceUri() + "/another");
		WebClient elsewhere = this.webClient.mutate()
			.filter((request, next) -> next.exchange(ClientRequest.from(request).url(another).build()))
			.build();
		assertThat(call(elsewhere, this.inventory).getStatusCode().value()).isEqualTo(401);
		assertThat(answers(this.inventory)).containsExactly("invalid_dpop_proof");
		assertThat(this.authorizationServer).issuedAccessTokens(1);
	}

	@Test
	void callWhenAFilterFurtherDownCopiesTheRequestThenTheProofGoesWithIt() {
		WebClient copying = this.webClient.mutate()
			.filter((request, next) -> next.exchange(ClientRequest.from(request).header("X-Copied", "yes").build()))
			.build();
		assertThat(call(copying, this.inventory).getBody()).isEqualTo("get with access token 1");
	}

	@Test
	void callWhenManyAreMadeAtOnceThenNoProofIsSentTwice() {
		this.inventory.requireDpopNonce();
		Mono<String> call = Mono
			.defer(() -> this.webClient.get().uri(this.inventory.resourceUri()).retrieve().bodyToMono(String.class));
		assertThat(Fixture.failuresOf(Fixture.concurrently(200, call))).isEmpty();
		assertThat(claims(this.inventory, "jti")).doesNotHaveDuplicates();
		assertThat(this.authorizationServer).receivedTokenRequests(1);
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
							.uri(this.inventory.resourceUri())
							.exchangeToMono((response) -> response.releaseBody().thenReturn(calls.incrementAndGet()))
							.then(issuer.issue(request)))
				.dpop(this.proofs)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(LIMIT)
				.build())
			.build();
		own[0] = builder
			.filter(new TokenExchangeFilterFunction(manager[0],
					ClientSelector.builder().add(BaseUrl.of(this.inventory.resourceUri()), "inventory").build()))
			.build();
		assertThat(call(own[0], this.inventory).getBody()).isEqualTo("get with access token 1");
		ReceivedRequest first = this.inventory.requests(Endpoint.RESOURCE).get(0);
		assertThat(first.header("Authorization")).isNull();
		assertThat(first.header("DPoP")).isNull();
		assertThat(this.inventory).requests(Endpoint.RESOURCE)
			.extracting(ReceivedRequest::status)
			.containsExactly(401, 200);
		assertThat(calls).hasValue(1);
		manager[0].close();
	}

	@Test
	@Tag("SE-1")
	void callWhenRedirectedToAnotherOriginThenTokenAndProofStayBehind() {
		try (AuthorizationServer elsewhere = AuthorizationServer.forClients().withPublicResource()) {
			redirect(elsewhere.resourceUri() + "/stolen");
			following().get().uri(this.inventory.resourceUri() + "/moved").retrieve().toBodilessEntity().block(LIMIT);
			assertThat(elsewhere).requests(Endpoint.RESOURCE).singleElement().satisfies((redirected) -> {
				assertThat(redirected.path()).isEqualTo("/api/stolen");
				assertThat(redirected.header("Authorization")).isNull();
				assertThat(redirected.header("DPoP")).isNull();
			});
			assertThat(this.inventory.requests(Endpoint.RESOURCE).get(0).header("Authorization")).startsWith("DPoP ");
		}
	}

	@Test
	@DisplayName("a redirect within the origin is proven anew")
	void callWhenRedirectedWithinTheOriginThenHasAProofForTheNewUrl() {
		redirect("/api/items/8?colour=red");
		assertThat(following().get()
			.uri(this.inventory.resourceUri() + "/moved")
			.retrieve()
			.bodyToMono(String.class)
			.block(LIMIT)).isEqualTo("get with access token 1");
		assertThat(this.inventory).requests(Endpoint.RESOURCE)
			.extracting(ReceivedRequest::status)
			.containsExactly(302, 200);
		assertThat(claims(this.inventory, "htu")).containsExactly(this.inventory.resourceUri() + "/moved",
				this.inventory.resourceUri() + "/items/8");
	}

	private void redirect(String location) {
		this.inventory.disturb(Fault.status(302).withHeader("Location", location).at(Endpoint.RESOURCE).times(1));
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
