package io.github.evertoken.web;

import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.AccessToken;
import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.LogLines;
import io.github.evertoken.web.Explanation.Reason;
import io.micrometer.context.ContextRegistry;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Stories of callers whose thread waits for the answer, told over real HTTP.
 */
@Timeout(600)
class BlockingScenarioTests {

	private static final int CALLERS = 1_000;

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		SecurityContextHolder.clearContext();
		for (AutoCloseable closeable : this.open) {
			closeable.close();
		}
	}

	private <T extends AutoCloseable> T opened(T closeable) {
		this.open.add(closeable);
		return closeable;
	}

	private DefaultTokenManager manager(TokenIssuer issuer) {
		return opened(DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer).maxWait(LIMIT).patience(Duration.ZERO).build())
			.build());
	}

	private static Mono<TokenSet> token(String value) {
		return Mono.just(TokenSet.withAccessToken(value).expiresIn(Duration.ofHours(1)).build());
	}

	private DefaultTokenManager managerOfSubjects() {
		return manager((request) -> token("of-" + request.key().subject()));
	}

	private TokenExchangeFilterFunction.Builder filter(TokenManager manager) {
		return TokenExchangeFilterFunction.builder(manager,
				ClientSelector.builder().add(BaseUrl.of(this.server.url("/api").toString()), "inventory").build());
	}

	private RestClient restClient(TokenExchangeFilterFunction filter) {
		return RestClient.builder()
			.requestFactory(BlockingConnector.JDK.factory())
			.requestInterceptor(new TokenExchangeInterceptor(filter))
			.build();
	}

	private RestClient restClient(TokenManager manager) {
		return restClient(filter(manager).build());
	}

	private RestClient.RequestHeadersSpec<?> get(RestClient restClient) {
		return restClient.get().uri(this.server.url("/api/items").uri());
	}

	private void answer() {
		this.server.enqueue(new MockResponse.Builder().body("ok").build());
	}

	private String sent() throws InterruptedException {
		RecordedRequest request = this.server.takeRequest(60, TimeUnit.SECONDS);
		assertThat(request).isNotNull();
		return String.valueOf(request.getHeaders().get(HttpHeaders.AUTHORIZATION));
	}

	private String call(RestClient.RequestHeadersSpec<?> request) throws InterruptedException {
		answer();
		assertThat(request.retrieve().body(String.class)).isEqualTo("ok");
		return sent();
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	void callThenCarriesTheTokenThatAllCallsShare(BlockingConnector connector) throws Exception {
		AtomicInteger tokens = new AtomicInteger();
		RestClient restClient = RestClient.builder()
			.requestFactory(connector.factory())
			.requestInterceptor(new TokenExchangeInterceptor(
					filter(manager((request) -> token("t" + tokens.incrementAndGet()))).build()))
			.build();
		assertThat(call(get(restClient))).isEqualTo("Bearer t1");
		assertThat(call(get(restClient))).isEqualTo("Bearer t1");
		assertThat(tokens).hasValue(1);
	}

	@Test
	@Tag("BC-1")
	void restTemplateThenCarriesATokenAndSaysWhoseInTheAttributes() throws Exception {
		RestTemplate restTemplate = new RestTemplate(BlockingConnector.JDK.factory());
		restTemplate.getInterceptors().add(new TokenExchangeInterceptor(filter(managerOfSubjects()).build()));
		URI uri = this.server.url("/api/items").uri();
		answer();
		assertThat(restTemplate.getForObject(uri, String.class)).isEqualTo("ok");
		assertThat(sent()).isEqualTo("Bearer of-null");
		answer();
		String answer = restTemplate.execute(uri, HttpMethod.GET,
				(request) -> TokenAttributes.subject("alice").accept(request.getAttributes()),
				(response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
		assertThat(answer).isEqualTo("ok");
		assertThat(sent()).isEqualTo("Bearer of-alice");
	}

	@Test
	@Tag("BC-2")
	@Tag("SF-1")
	void callWhenAHundredThreadsAreColdThenOneTokenRequest() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(100);
		this.open.add(threads::shutdownNow);
		callWhenCold(threads, 100);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	@Tag("BC-2")
	@Tag("SF-1")
	void callWhenAThousandVirtualThreadsAreColdThenOneTokenRequest() throws Exception {
		ExecutorService threads = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null);
		this.open.add(threads::shutdownNow);
		callWhenCold(threads, CALLERS);
	}

	private void callWhenCold(ExecutorService threads, int callers) throws Exception {
		try (Fixture fixture = new Fixture()) {
			RestClient restClient = RestClient.builder()
				.requestFactory(BlockingConnector.JDK.factory())
				.requestInterceptor(new TokenExchangeInterceptor(fixture.filter))
				.baseUrl(fixture.resourceServer.uri().toString())
				.build();
			fixture.authorizationServer.latency(Duration.ofMillis(500));
			Callable<String> call = () -> restClient.get().uri("/items/7").retrieve().body(String.class);
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				answers.add(threads.submit(call));
			}
			for (Future<String> answer : answers) {
				assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo("token-1");
			}
			assertThat(fixture.authorizationServer.requests()).isEqualTo(1);
			assertThat(fixture.resourceServer.requests()).isEqualTo(callers);
			assertThat(fixture.resourceServer.unauthorized()).isZero();
		}
	}

	@Test
	@Tag("BC-2")
	@Tag("RJ-2")
	void callWhenATokenIsRevokedUnderManyThreadsThenNoneFailsAndOneRenewal() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(50);
		this.open.add(threads::shutdownNow);
		try (Fixture fixture = new Fixture()) {
			RestClient restClient = RestClient.builder()
				.requestFactory(BlockingConnector.JDK.factory())
				.requestInterceptor(new TokenExchangeInterceptor(fixture.filter))
				.baseUrl(fixture.resourceServer.uri().toString())
				.build();
			Callable<String> call = () -> restClient.get().uri("/items/7").retrieve().body(String.class);
			assertThat(call.call()).isEqualTo("token-1");
			fixture.authorizationServer.revokeAll();
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				answers.add(threads.submit(call));
			}
			for (Future<String> answer : answers) {
				assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo("token-2");
			}
			assertThat(fixture.authorizationServer.requests()).isEqualTo(2);
		}
	}

	@Test
	@Tag("BC-1")
	@Tag("SE-1")
	void callWhenNoClientCoversItThenIsUntouchedAndNoted() throws Exception {
		TokenExchangeFilterFunction filter = filter(managerOfSubjects()).build();
		RestClient restClient = restClient(filter);
		URI elsewhere = this.server.url("/elsewhere").uri();
		assertThat(call(restClient.get().uri(elsewhere))).isEqualTo("null");
		assertThat(call(get(restClient).header(HttpHeaders.AUTHORIZATION, "Basic mine"))).isEqualTo("Basic mine");
		assertThat(call(get(restClient).attributes(TokenAttributes.noToken()))).isEqualTo("null");
		assertThat(filter.explainer().requestsWithoutToken()).extracting((request) -> request.explanation().reason())
			.containsExactly(Reason.NO_TOKEN_WANTED, Reason.AUTHORIZATION_SET, Reason.NO_CLIENT);
		assertThat(filter.explainer().requestsWithoutToken()).extracting(RequestWithoutToken::status).containsOnly(200);
	}

	@Test
	@Tag("BC-1")
	@Tag("SE-1")
	void callWhenItNamesAClientForAnotherOriginThenIsRefusedAndNothingIsSent() {
		RestClient restClient = restClient(managerOfSubjects());
		assertThatIllegalArgumentException()
			.isThrownBy(() -> restClient.get()
				.uri("https://evil.example/api")
				.attributes(TokenAttributes.client("inventory"))
				.retrieve()
				.toBodilessEntity())
			.withMessageContaining("must not go to https://evil.example");
		assertThat(this.server.getRequestCount()).isZero();
	}

	@Test
	@Tag("BC-1")
	void callWhenTheServerCannotBeReachedThenIsNotedAndItsCallerSeesWhy() {
		TokenExchangeFilterFunction filter = filter(managerOfSubjects()).build();
		RestClient restClient = restClient(filter);
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> restClient.get().uri("http://127.0.0.1:1/").retrieve().toBodilessEntity());
		assertThat(filter.explainer().requestsWithoutToken()).singleElement()
			.satisfies((request) -> assertThat(request.status()).isNull());
	}

	@Test
	@Tag("BC-6")
	void callWhenItNamesItsSubjectThenCarriesThatOnesToken() throws Exception {
		RestClient restClient = restClient(
				filter(managerOfSubjects()).subjectResolver("inventory", (request) -> Mono.just("resolved")).build());
		assertThat(call(get(restClient).attributes(TokenAttributes.subject("alice")))).isEqualTo("Bearer of-alice");
		assertThat(call(get(restClient))).isEqualTo("Bearer of-resolved");
	}

	@Test
	@Tag("BC-6")
	void callWhenSomebodyIsLoggedInOnTheThreadThenThePrincipalIsTheSubject() throws Exception {
		RestClient restClient = restClient(
				filter(managerOfSubjects()).subjectResolver("inventory", SubjectResolver.securityContext()).build());
		SecurityContextHolder.getContext()
			.setAuthentication(new TestingAuthenticationToken("alice", "secret", "ROLE_USER"));
		assertThat(call(get(restClient))).isEqualTo("Bearer of-alice");
		SecurityContextHolder.clearContext();
		assertThat(call(get(restClient))).isEqualTo("Bearer of-null");
	}

	@Test
	@Tag("BC-6")
	void callWhenAThreadLocalIsRegisteredThenAResolverFindsItInTheContext() throws Exception {
		ThreadLocal<String> tenant = new ThreadLocal<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("evertoken.blocking-tenant", tenant);
		try {
			RestClient restClient = restClient(filter(managerOfSubjects())
				.subjectResolver("inventory", SubjectResolver.contextKey("evertoken.blocking-tenant"))
				.build());
			tenant.set("acme");
			assertThat(call(get(restClient))).isEqualTo("Bearer of-acme");
		}
		finally {
			tenant.remove();
			ContextRegistry.getInstance().removeThreadLocalAccessor("evertoken.blocking-tenant");
		}
	}

	@Test
	@Tag("BC-6")
	void callThenAResolverSeesTheRequest() throws Exception {
		AtomicReference<String> seen = new AtomicReference<>();
		RestClient restClient = restClient(filter(managerOfSubjects()).subjectResolver("inventory", (request) -> {
			seen.set(request.method() + " " + request.url().getPath() + " " + request.headers().getFirst("X-Tenant")
					+ " " + request.attribute("tenant").orElse("none") + " " + request.cookies());
			return Mono.just(request.headers().getFirst("X-Tenant"));
		}).build());
		assertThat(call(get(restClient).header("X-Tenant", "acme").attribute("tenant", 42)))
			.isEqualTo("Bearer of-acme");
		assertThat(seen).hasValue("GET /api/items acme 42 {}");
	}

	@Test
	@Tag("BC-6")
	void callWhenThereIsNoSubjectTokenThenFailsAndNothingIsSent() {
		RestClient restClient = restClient(
				filter(managerOfSubjects()).subjectTokenResolver("inventory", (request) -> Mono.empty()).build());
		assertThatExceptionOfType(ReauthenticationRequiredException.class)
			.isThrownBy(() -> get(restClient).retrieve().toBodilessEntity())
			.withMessageContaining("there is no subject token");
		assertThat(this.server.getRequestCount()).isZero();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	@Tag("BC-3")
	void callWhenTheThreadIsAnEventLoopThenFailsAtOnceAndSaysWhatToDo(boolean warm) throws Exception {
		RestClient restClient = restClient(managerOfSubjects());
		if (warm) {
			call(get(restClient));
		}
		int before = this.server.getRequestCount();
		Mono<String> call = Mono.fromCallable(() -> get(restClient).retrieve().body(String.class));
		assertThatIllegalStateException().isThrownBy(() -> call.subscribeOn(Schedulers.parallel()).block(LIMIT))
			.withMessageContaining("token of client 'inventory'")
			.withMessageContaining("'parallel-")
			.withMessageContaining("subscribeOn(Schedulers.boundedElastic())");
		assertThat(this.server.getRequestCount()).isEqualTo(before);
		answer();
		assertThat(call.subscribeOn(Schedulers.boundedElastic()).block(LIMIT)).isEqualTo("ok");
	}

	@Test
	@Tag("BC-3")
	void callWhenTheThreadIsAnEventLoopAndNoClientCoversItThenIsNoneOfOurBusiness() {
		RestClient restClient = restClient(managerOfSubjects());
		answer();
		URI elsewhere = this.server.url("/elsewhere").uri();
		assertThat(Mono.fromCallable(() -> restClient.get().uri(elsewhere).retrieve().body(String.class))
			.subscribeOn(Schedulers.parallel())
			.block(LIMIT)).isEqualTo("ok");
	}

	@Test
	@Tag("BC-3")
	@Tag("SF-2")
	void callWhenTheThreadIsInterruptedThenItsWaitEndsAndTheOthersGetTheToken() throws Exception {
		CompletableFuture<TokenSet> issued = new CompletableFuture<>();
		RestClient restClient = restClient(manager((request) -> Mono.fromFuture(issued, true)));
		AtomicReference<Throwable> failure = new AtomicReference<>();
		AtomicBoolean interrupted = new AtomicBoolean();
		CountDownLatch ended = new CountDownLatch(1);
		Thread waiting = new Thread(() -> {
			try {
				get(restClient).retrieve().toBodilessEntity();
			}
			catch (RuntimeException ex) {
				failure.set(ex);
			}
			interrupted.set(Thread.currentThread().isInterrupted());
			ended.countDown();
		});
		waiting.start();
		Awaitility.await().until(() -> waiting.getState() == Thread.State.WAITING);
		waiting.interrupt();
		assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
		assertThat(failure.get()).isInstanceOf(ResourceAccessException.class)
			.hasCauseInstanceOf(InterruptedIOException.class)
			.hasMessageContaining("interrupted while it waited for a token");
		assertThat(interrupted).isTrue();
		assertThat(this.server.getRequestCount()).isZero();
		assertThat(issued).isNotCancelled();
		issued.complete(TokenSet.withAccessToken("late").expiresIn(Duration.ofHours(1)).build());
		assertThat(call(get(restClient))).isEqualTo("Bearer late");
	}

	@Test
	@Tag("BC-3")
	@Tag("SF-4")
	void callWhenNoTokenComesThenEndsAfterMaxWait() {
		DefaultTokenManager manager = opened(DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", (request) -> Mono.never()).maxWait(Duration.ofMillis(200)).build())
			.build());
		assertThatExceptionOfType(TransientTokenException.class)
			.isThrownBy(() -> get(restClient(manager)).retrieve().toBodilessEntity())
			.withMessageContaining("max-wait");
	}

	@Test
	@Tag("BC-1")
	void callWhenSomebodyMustLogInAgainThenFailsWithTheLibrarysExceptionAndNothingIsSent() {
		DefaultTokenManager manager = manager((request) -> Mono
			.error(new ReauthenticationRequiredException(request.key(), "log in", "invalid_grant", null, null)));
		assertThatExceptionOfType(ReauthenticationRequiredException.class)
			.isThrownBy(() -> get(restClient(manager)).retrieve().toBodilessEntity())
			.satisfies((ex) -> assertThat(ex.client()).isEqualTo("inventory"));
		assertThat(this.server.getRequestCount()).isZero();
	}

	@Test
	@Tag("BC-1")
	void callWhenTheNextTokenCannotBeHadThenFailsWithTheLibrarysException() {
		AtomicInteger tokens = new AtomicInteger();
		DefaultTokenManager manager = manager((request) -> (tokens.incrementAndGet() == 1) ? token("t1")
				: Mono.error(new TokenRefusedException(request.key(), "no more", "invalid_client", null, null)));
		this.server.enqueue(new MockResponse.Builder().code(401).body("x".repeat(100)).build());
		assertThatExceptionOfType(TokenRefusedException.class)
			.isThrownBy(() -> get(restClient(manager)).retrieve().toBodilessEntity());
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@Test
	@Tag("BC-1")
	@Tag("RN-5")
	void callWhenItSaysHowLongItTakesThenGoesWithATokenThatLasts() throws Exception {
		DefaultTokenManager manager = manager((request) -> token("renewed"));
		manager
			.put(TokenKey.of("inventory"),
					TokenSet.withAccessToken("old")
						.obtainedAt(Instant.now().minus(Duration.ofMinutes(3)))
						.expiresIn(Duration.ofMinutes(10))
						.build())
			.block(LIMIT);
		RestClient restClient = restClient(manager);
		assertThat(call(get(restClient).attributes(TokenAttributes.expectedDuration(Duration.ofMinutes(5)))))
			.isEqualTo("Bearer old");
		assertThat(call(get(restClient).attributes(TokenAttributes.expectedDuration(Duration.ofMinutes(9)))))
			.isEqualTo("Bearer renewed");
	}

	@Test
	@Tag("BC-1")
	void callWhenTheManagerIsAUsersOwnThenItIsAsked() throws Exception {
		DefaultTokenManager manager = managerOfSubjects();
		List<TokenKey> asked = new ArrayList<>();
		TokenManager own = new DelegatingTokenManager(manager) {

			@Override
			public Mono<AccessToken> token(TokenKey key) {
				asked.add(key);
				return super.token(key);
			}

		};
		assertThat(call(get(restClient(own)))).isEqualTo("Bearer of-null");
		assertThat(asked).containsExactly(TokenKey.of("inventory"));
	}

	@Test
	@Tag("BC-1")
	void callWhenAnInterceptorBehindReplacesTheTokenThenIsWarnedOfOnce() throws Exception {
		RestClient restClient = RestClient.builder()
			.requestFactory(BlockingConnector.JDK.factory())
			.requestInterceptor(new TokenExchangeInterceptor(filter(managerOfSubjects()).build()))
			.requestInterceptor((request, body, execution) -> {
				request.getHeaders().setBearerAuth("other");
				return execution.execute(request, body);
			})
			.build();
		try (LogLines log = new LogLines(TokenExchangeFilterFunction.class.getName())) {
			assertThat(call(get(restClient))).isEqualTo("Bearer other");
			assertThat(call(get(restClient))).isEqualTo("Bearer other");
			assertThat(log.with("An interceptor behind Evertoken's has replaced")).hasSize(1);
		}
	}

	@Test
	void newWhenTheFilterIsDeferredThenIsAskedForNothingBeforeTheFirstRequest() throws Exception {
		AtomicInteger made = new AtomicInteger();
		TokenExchangeFilterFunction filter = filter(managerOfSubjects()).build();
		RestClient restClient = restClient(TokenExchangeFilterFunction.deferred(() -> {
			made.incrementAndGet();
			return filter;
		}));
		assertThat(made).hasValue(0);
		assertThat(call(get(restClient))).isEqualTo("Bearer of-null");
		call(get(restClient));
		assertThat(made).hasValue(1);
	}

	@Test
	void newWhenThereIsNoFilterThenIsRefused() {
		assertThatNullPointerException().isThrownBy(() -> new TokenExchangeInterceptor(null)).withMessage("filter");
	}

}
