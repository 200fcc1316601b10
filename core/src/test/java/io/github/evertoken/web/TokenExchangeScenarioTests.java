package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.HeldToken;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.netty.http.client.HttpClient;
import reactor.util.retry.Retry;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Stories of services and their tokens, told over real HTTP. Another origin than the
 * authorization server's is a {@code MockWebServer}.
 */
class TokenExchangeScenarioTests {

	@StartStop
	private final MockWebServer elsewhere = new MockWebServer();

	private final Fixture fixture = new Fixture();

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	@Tag("SF-1")
	void callWhenAThousandCallersAreColdThenOneTokenRequest() {
		this.fixture.slowTokens(Duration.ofMillis(200));
		List<Signal<String>> results = Fixture.concurrently(1000, this.fixture.call());
		assertThat(Fixture.failuresOf(results)).isEmpty();
		assertThat(results).hasSize(1000);
		assertThat(this.fixture.server).receivedTokenRequests(1);
	}

	@RepeatedTest(20)
	@Tag("SF-1")
	@Tag("FP-5")
	void callWhenAThousandCallersFindTheTokenExpiredThenOneRefreshAndTheSessionLives() {
		putExpired(this.fixture.server.newSession("orders", "alice"));
		List<Signal<String>> results = Fixture.concurrently(1000, this.fixture.callOf("alice"));
		assertThat(Fixture.failuresOf(results)).isEmpty();
		assertThat(this.fixture.server).receivedTokenRequests("refresh_token", 1);
		this.fixture.manager.reject(Fixture.ALICE, Fixture.await(this.fixture.manager.token(Fixture.ALICE)));
		assertThat(Fixture.await(this.fixture.callOf("alice"))).isNotNull();
		assertThat(this.fixture.server).receivedTokenRequests("refresh_token", 2).sawNoReuse();
	}

	private TokenSet newSession(String subject) {
		return TokenSet.withRefreshToken(this.fixture.server.newSession("orders", subject)).build();
	}

	private void putExpired(String refreshToken) {
		Fixture.await(this.fixture.manager.put(Fixture.ALICE,
				TokenSet.withAccessToken("expired")
					.refreshToken(refreshToken)
					.obtainedAt(Instant.now().minusSeconds(60))
					.expiresIn(Duration.ofSeconds(1))
					.build()));
	}

	@RepeatedTest(5)
	@Tag("RJ-1")
	@Tag("RJ-2")
	@Tag("SF-1")
	void callWhenATokenIsRevokedUnderAThousandCallsThenNoneFailsAndOneRenewal() {
		Fixture.await(this.fixture.call());
		this.fixture.server.revokeAccessTokens();
		this.fixture.slowResource(Duration.ofMillis(50));
		List<Signal<String>> results = Fixture.concurrently(1000, this.fixture.call());
		assertThat(Fixture.failuresOf(results)).isEmpty();
		assertThat(this.fixture.server).receivedTokenRequests(2);
	}

	@Test
	@Tag("RJ-2")
	void callWhenA401ComesLateThenIsSentWithTheCurrentTokenAndNothingIsRenewed() {
		HeldToken old = Fixture.await(this.fixture.manager.lifecycle(Fixture.KEY).token());
		Fixture.await(this.fixture.call());
		this.fixture.server.revokeAccessTokens();
		this.fixture.slowResource(Duration.ofMillis(300));
		AtomicReference<String> lateAnswer = new AtomicReference<>();
		this.fixture.call().subscribe(lateAnswer::set);
		Awaitility.await().until(() -> this.fixture.unauthorized().size() == 1);
		this.fixture.manager.lifecycle(Fixture.KEY).reject(old);
		Fixture.await(this.fixture.manager.token(Fixture.KEY));
		Awaitility.await().untilAsserted(() -> assertThat(lateAnswer.get()).isNotNull());
		assertThat(this.fixture.server).receivedTokenRequests(2);
	}

	@Test
	@Tag("SF-2")
	void callWhenHalfOfTheCallersCancelInMidFlightThenTheOthersSucceed() {
		CountDownLatch released = new CountDownLatch(1);
		Fixture.holdTokens(this.fixture.server, released);
		AtomicInteger answers = new AtomicInteger();
		AtomicInteger failures = new AtomicInteger();
		List<Disposable> callers = Flux.range(0, 200)
			.map((i) -> this.fixture.call()
				.subscribe((answer) -> answers.incrementAndGet(), (ex) -> failures.incrementAndGet()))
			.collectList()
			.block();
		Awaitility.await().until(() -> this.fixture.tokenRequests() == 1);
		callers.subList(0, 100).forEach(Disposable::dispose);
		released.countDown();
		Awaitility.await().untilAsserted(() -> assertThat(answers).hasValue(100));
		assertThat(failures).hasValue(0);
		assertThat(this.fixture.server).receivedTokenRequests(1);
	}

	@ParameterizedTest
	@Tag("RN-2")
	@ValueSource(ints = { 1, 2, 60, 0 })
	void callWhenTokensLiveForSecondsThenNoCallFailsAndNoStormComes(int seconds) {
		if (seconds > 0) {
			this.fixture.server.accessTokenLifetime(Duration.ofSeconds(seconds));
		}
		else {
			this.fixture.server.withoutExpiresIn();
		}
		int least = (seconds == 1) ? 2 : 1;
		int lasting = (seconds == 1 || seconds == 2) ? 2500 : 500;
		Instant start = Instant.now();
		List<Signal<String>> results = Flux.interval(Duration.ofMillis(5))
			.onBackpressureDrop()
			.takeUntil((i) -> Duration.between(start, Instant.now()).toMillis() >= lasting
					&& this.fixture.tokenRequests() >= least)
			.flatMap((i) -> this.fixture.call().materialize())
			.collectList()
			.block(Duration.ofMinutes(1));
		double lasted = Duration.between(start, Instant.now()).toMillis() / 1000d;
		assertThat(Fixture.failuresOf(results)).isEmpty();
		assertThat(results).isNotEmpty();
		int most = (seconds > 0) ? (int) Math.ceil(lasted / (0.75 * seconds)) + 1 : 1;
		assertThat(this.fixture.tokenRequests()).isBetween(least, most);
	}

	@Test
	@Tag("RJ-1")
	@Tag("RJ-6")
	void callWhenEveryTokenIsRefusedThenIsSentTwiceAndThe401PassesOn() {
		this.fixture.server.disturb(Fault.status(401)
			.withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
			.at(Endpoint.RESOURCE));
		assertThatUnauthorized();
		assertThat(this.fixture.server).receivedResourceRequests(2).receivedTokenRequests(2);
		for (int i = 0; i < 20; i++) {
			assertThatUnauthorized();
		}
		assertThat(this.fixture.server).receivedResourceRequests(22).receivedTokenRequests(2);
	}

	private void assertThatUnauthorized() {
		assertThatExceptionOfType(WebClientResponseException.Unauthorized.class)
			.isThrownBy(() -> Fixture.await(this.fixture.call()));
	}

	@Test
	@Tag("RJ-5")
	void callWhenRejectedThenTheFirstBodyIsReleasedBeforeTheSecondAttempt() {
		for (int i = 0; i < 50; i++) {
			this.elsewhere.enqueue(new MockResponse.Builder().code(401).body("x".repeat(100_000)).build());
			this.elsewhere.enqueue(new MockResponse.Builder().body("ok").build());
		}
		WebClient oneConnection = TestWebClients.builder(1).filter(filterForElsewhere()).build();
		for (int i = 0; i < 50; i++) {
			assertThat(Fixture.await(oneConnection.get()
				.uri(this.elsewhere.url("/").uri())
				.retrieve()
				.bodyToMono(String.class)
				.timeout(Duration.ofSeconds(30)))).isEqualTo("ok");
		}
		assertThat(this.elsewhere.getRequestCount()).isEqualTo(100);
	}

	/**
	 * A filter whose rejections are not counted.
	 */
	private TokenExchangeFilterFunction filterForElsewhere() {
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("elsewhere", this.fixture.issuer())
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.maxRenewals(1000)
				.build())
			.build();
		return new TokenExchangeFilterFunction(manager,
				ClientSelector.builder().add(BaseUrl.of(this.elsewhere.url("/").toString()), "elsewhere").build());
	}

	@Test
	@Tag("RJ-3")
	void callWhenRejectedThenTheRefreshTokenIsUsed() {
		Fixture.await(this.fixture.manager.put(Fixture.ALICE, newSession("alice")));
		Fixture.await(this.fixture.callOf("alice"));
		this.fixture.server.revokeAccessTokens();
		Fixture.await(this.fixture.callOf("alice"));
		assertThat(this.fixture.server).receivedTokenRequests("refresh_token", 2)
			.receivedTokenRequests("client_credentials", 0);
	}

	@Test
	@Tag("LC-5")
	void callWhenARefusedTokenServesOnThenAFilterBehindLearnsWhy() {
		List<TokenException> learnt = new CopyOnWriteArrayList<>();
		List<Integer> attempts = new CopyOnWriteArrayList<>();
		WebClient client = TestWebClients.builder().filter(this.fixture.filter).filter((request, next) -> {
			attempts.add(attempts.size());
			Optional.ofNullable(TokenAttributes.renewalFailure(request.attributes())).ifPresent(learnt::add);
			return next.exchange(request);
		}).build();
		Mono<String> call = client.get().uri(this.fixture.server.resourceUri()).retrieve().bodyToMono(String.class);
		Fixture.await(call);
		this.fixture.server.revokeAccessTokens();
		this.fixture.server.disturb(Fault.refused("invalid_client"));
		assertThatExceptionOfType(WebClientResponseException.Unauthorized.class).isThrownBy(() -> Fixture.await(call));
		assertThat(attempts).hasSize(3);
		assertThat(learnt).singleElement()
			.isInstanceOf(TokenRefusedException.class)
			.extracting(TokenException::error)
			.isEqualTo("invalid_client");
		this.fixture.server.recover();
	}

	@Test
	@Tag("RN-4")
	@Tag("FP-2")
	void callWhenTheIssuerIsDownThenTheTokenGoesOnServing() {
		this.fixture.server.accessTokenLifetime(Duration.ofSeconds(60));
		Fixture.await(this.fixture.manager.put(Fixture.KEY, dueToken()));
		this.fixture.server.disturb(Fault.status(503));
		List<Signal<String>> results = Fixture.concurrently(1000, this.fixture.call());
		assertThat(Fixture.failuresOf(results)).isEmpty();
		Awaitility.await().until(() -> this.fixture.tokenRequests() >= 2);
	}

	private TokenSet dueToken() {
		Fixture.await(this.fixture.call());
		String active = Fixture.await(this.fixture.manager.token(Fixture.KEY)).value();
		return TokenSet.withAccessToken(active)
			.obtainedAt(Instant.now().minusSeconds(55 * 60))
			.expiresIn(Duration.ofMinutes(60))
			.build();
	}

	@Test
	@Tag("FP-6")
	void callWhenNoTokenCanBeHadThenIsNeverSent() {
		this.fixture.server.disturb(Fault.status(503).withHeader("Retry-After", "60"));
		List<Signal<String>> results = Fixture.concurrently(1000, this.fixture.call());
		assertThat(Fixture.failuresOf(results)).hasSize(1000)
			.allSatisfy((failure) -> assertThat(failure).isInstanceOf(TransientTokenException.class)
				.hasMessageContaining("client 'inventory'"));
		assertThat(this.fixture.server).receivedResourceRequests(0).receivedTokenRequests(1);
	}

	@Test
	@Tag("FP-3")
	void callWhenTheRefreshTokenWasRevokedThenTheOwnGrantTakesOver() {
		Fixture.await(this.fixture.manager.put(Fixture.KEY, newSession("orders")));
		this.fixture.server.endSessions();
		assertThat(Fixture.await(this.fixture.call())).isNotNull();
		assertThat(this.fixture.server).receivedTokenRequests("refresh_token", 1)
			.receivedTokenRequests("client_credentials", 1);
	}

	@Test
	@Tag("SE-1")
	void callWhenTheOriginIsNotConfiguredThenCarriesNoToken() throws InterruptedException {
		this.elsewhere.enqueue(new MockResponse.Builder().build());
		Fixture.await(this.fixture.webClient.get().uri(this.elsewhere.url("/").uri()).retrieve().toBodilessEntity());
		assertThat(takeRequest().getHeaders().get(HttpHeaders.AUTHORIZATION)).isNull();
		assertThat(this.fixture.server).receivedNoTokenRequest();
	}

	@Test
	@Tag("SE-1")
	void callWhenItNamesAClientForAForeignOriginThenFailsAndIsNotSent() {
		assertThatIllegalArgumentException().isThrownBy(() -> Fixture.await(this.fixture.webClient.get()
			.uri(this.elsewhere.url("/").uri())
			.attributes(TokenAttributes.client("inventory"))
			.retrieve()
			.toBodilessEntity())).withMessageContaining("evertoken.clients.inventory.origins");
		assertThat(this.elsewhere.getRequestCount()).isZero();
	}

	@Test
	@Tag("SE-1")
	void callWhenRedirectedToAnotherOriginThenTheTokenStaysBehind() throws Exception {
		try (MockWebServer redirecting = new MockWebServer()) {
			redirecting.start();
			redirecting.enqueue(new MockResponse.Builder().code(302)
				.addHeader(HttpHeaders.LOCATION, this.elsewhere.url("/stolen").toString())
				.build());
			this.elsewhere.enqueue(new MockResponse.Builder().build());
			WebClient following = WebClient.builder()
				.clientConnector(new ReactorClientHttpConnector(HttpClient.create().followRedirect(true)))
				.filter(this.fixture.filterFor(redirecting.url("/").toString()))
				.build();
			Fixture.await(following.get().uri(redirecting.url("/").uri()).retrieve().toBodilessEntity());
			assertThat(this.fixture.accessToken(redirecting.takeRequest(1, TimeUnit.MINUTES))).isEqualTo(1);
			RecordedRequest redirected = takeRequest();
			assertThat(redirected.getUrl().encodedPath()).isEqualTo("/stolen");
			assertThat(redirected.getHeaders().get(HttpHeaders.AUTHORIZATION)).isNull();
		}
	}

	@Test
	void callWhenTheCallerHasSetAnAuthorizationThenPassesUntouchedAndIsNotRepeated() throws InterruptedException {
		this.elsewhere.enqueue(new MockResponse.Builder().code(401).build());
		WebClient webClient = TestWebClients.builder().filter(filterForElsewhere()).build();
		HttpStatus status = (HttpStatus) Fixture.await(webClient.get()
			.uri(this.elsewhere.url("/").uri())
			.headers((headers) -> headers.setBasicAuth("me", "mine"))
			.exchangeToMono((response) -> Mono.just(response.statusCode())));
		assertThat(status).isEqualTo(HttpStatus.UNAUTHORIZED);
		assertThat(takeRequest().getHeaders().get(HttpHeaders.AUTHORIZATION)).startsWith("Basic ");
		assertThat(this.elsewhere.getRequestCount()).isEqualTo(1);
	}

	@Test
	@Tag("SF-7")
	void callWhenTheTokenEndpointIsOfTheClientsOwnOriginThenItsCallPassesUntouched() {
		AuthorizationServer server = this.fixture.server;
		AtomicReference<WebClient> filtered = new AtomicReference<>();
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings
				.of("inventory",
						(request) -> OAuth2TokenIssuer.builder(filtered.get())
							.tokenUri(URI.create(server.tokenUri()))
							.clientAuthentication(
									ClientAuthentication.clientSecretPost("orders", server.clientSecret("orders")))
							.build()
							.issue(request))
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		filtered.set(TestWebClients.builder()
			.filter(new TokenExchangeFilterFunction(manager,
					ClientSelector.builder().add(BaseUrl.of(server.issuer()), "inventory").build()))
			.build());
		assertThat(Fixture.await(filtered.get().get().uri(server.resourceUri()).retrieve().bodyToMono(String.class)))
			.isEqualTo("get with access token 1");
		assertThat(server).requests(Endpoint.TOKEN)
			.singleElement()
			.satisfies((request) -> assertThat(request.header(HttpHeaders.AUTHORIZATION)).isNull());
		manager.close();
	}

	@Test
	void callWhenTheCallerRetriesThenEachSubscriptionGetsTheTokenOfItsMoment() {
		Mono<String> call = this.fixture.call();
		String first = Fixture.await(call);
		this.fixture.manager.reject(Fixture.KEY, Fixture.await(this.fixture.manager.token(Fixture.KEY)));
		String second = Fixture.await(call.retryWhen(Retry.max(1)));
		assertThat(second).isNotEqualTo(first);
		assertThat(this.fixture.server).refusedNoAccessToken();
	}

	@Test
	void callWhenAFilterFurtherDownCopiesTheRequestThenTheTokenIsKept() {
		AtomicReference<HttpHeaders> seen = new AtomicReference<>();
		WebClient copying = this.fixture.webClient.mutate().filter((request, next) -> {
			seen.set(request.headers());
			return next.exchange(ClientRequest.from(request).header("X-Copied", "yes").build());
		}).build();
		assertThat(Fixture.await(copying.get().uri("/").header("X-Mine", "too").retrieve().bodyToMono(String.class)))
			.isNotNull();
		assertThat(seen.get().getFirst(HttpHeaders.AUTHORIZATION)).startsWith("Bearer ");
		assertThat(seen.get().getFirst("X-Mine")).isEqualTo("too");
	}

	@Test
	@Tag("FP-4")
	void callWhenTheSessionIsOverThenSomebodyMustLogInAndCanDoSo() {
		TokenKey bob = TokenKey.of("inventory", "bob");
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings
				.of("inventory",
						Fixture.issuer(this.fixture.server).grant(AuthorizationGrant.refreshTokenOnly()).build())
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		WebClient webClient = TestWebClients.builder()
			.filter(new TokenExchangeFilterFunction(manager,
					ClientSelector.builder().add(BaseUrl.of(this.fixture.server.resourceUri()), "inventory").build()))
			.build();
		Mono<String> call = webClient.get()
			.uri(this.fixture.server.resourceUri())
			.attributes(TokenAttributes.subject("bob"))
			.retrieve()
			.bodyToMono(String.class);
		Fixture.await(manager.put(bob, newSession("bob")));
		assertThat(Fixture.await(call)).isNotNull();
		this.fixture.server.endSessions();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(ReauthenticationRequiredException.class).isThrownBy(() -> Fixture.await(call))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo("invalid_grant"));
		}
		assertThat(this.fixture.server).receivedTokenRequests(2);
		Fixture.await(manager.put(bob, newSession("bob")));
		assertThat(Fixture.await(call)).isNotNull();
		assertThat(this.fixture.server).requests(Endpoint.RESOURCE)
			.extracting(ReceivedRequest::subject)
			.containsOnly("bob");
		manager.close();
	}

	private RecordedRequest takeRequest() throws InterruptedException {
		RecordedRequest request = this.elsewhere.takeRequest(1, TimeUnit.MINUTES);
		assertThat(request).isNotNull();
		return request;
	}

}
