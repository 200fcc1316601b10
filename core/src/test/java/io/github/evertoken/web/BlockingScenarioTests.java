package io.github.evertoken.web;

import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.test.support.LogLines;
import io.github.evertoken.web.Explanation.Reason;
import io.micrometer.context.ContextRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
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

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("orders");

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

	private DefaultTokenManager manager() {
		return manager(Fixture.issuer(this.server).build());
	}

	private DefaultTokenManager manager(TokenIssuer issuer) {
		return opened(DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(LIMIT)
				.patience(Duration.ZERO)
				.build())
			.build());
	}

	/**
	 * Return a manager of the service itself, which is {@code orders} at the server, and
	 * of those who have logged in.
	 */
	private DefaultTokenManager managerOf(String... subjects) {
		DefaultTokenManager manager = manager();
		for (String subject : subjects) {
			String refreshToken = this.server.newSession("orders", subject);
			manager.put(TokenKey.of("inventory", subject), TokenSet.withRefreshToken(refreshToken).build())
				.block(LIMIT);
		}
		return manager;
	}

	private String url(String path) {
		return this.server.resourceUri() + path;
	}

	private TokenExchangeFilterFunction.Builder filter(TokenManager manager) {
		return TokenExchangeFilterFunction.builder(manager,
				ClientSelector.builder().add(BaseUrl.of(url("/v1")), "inventory").build());
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
		return restClient.get().uri(url("/v1/items"));
	}

	private ReceivedRequest call(RestClient.RequestHeadersSpec<?> request) {
		request.exchange((sent, response) -> response.getStatusCode());
		return lastReceived();
	}

	private ReceivedRequest lastReceived() {
		List<ReceivedRequest> received = this.server.requests(Endpoint.RESOURCE);
		return received.get(received.size() - 1);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	void callThenCarriesTheTokenThatAllCallsShare(BlockingConnector connector) {
		RestClient restClient = RestClient.builder()
			.requestFactory(connector.factory())
			.requestInterceptor(new TokenExchangeInterceptor(filter(manager()).build()))
			.build();
		call(get(restClient));
		call(get(restClient));
		assertThat(this.server).receivedResourceRequestsWithAccessTokens(1, 1).receivedTokenRequests(1);
	}

	@Test
	@Tag("BC-1")
	void restTemplateThenCarriesATokenAndSaysWhoseInTheAttributes() {
		RestTemplate restTemplate = new RestTemplate(BlockingConnector.JDK.factory());
		restTemplate.getInterceptors().add(new TokenExchangeInterceptor(filter(managerOf("alice")).build()));
		URI uri = URI.create(url("/v1/items"));
		assertThat(restTemplate.getForObject(uri, String.class)).startsWith("get with");
		assertThat(lastReceived().subject()).isEqualTo("orders");
		String answer = restTemplate.execute(uri, HttpMethod.GET,
				(request) -> TokenAttributes.subject("alice").accept(request.getAttributes()),
				(response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
		assertThat(answer).startsWith("get with");
		assertThat(lastReceived().subject()).isEqualTo("alice");
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
				.baseUrl(fixture.server.resourceUri())
				.build();
			fixture.slowTokens(Duration.ofMillis(500));
			Callable<String> call = () -> restClient.get().uri("/items/7").retrieve().body(String.class);
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				answers.add(threads.submit(call));
			}
			for (Future<String> answer : answers) {
				assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo("get with access token 1");
			}
			assertThat(fixture.server).receivedTokenRequests(1)
				.receivedResourceRequests(callers)
				.refusedNoAccessToken();
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
				.baseUrl(fixture.server.resourceUri())
				.build();
			Callable<String> call = () -> restClient.get().uri("/items/7").retrieve().body(String.class);
			assertThat(call.call()).isEqualTo("get with access token 1");
			fixture.server.revokeAccessTokens();
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				answers.add(threads.submit(call));
			}
			for (Future<String> answer : answers) {
				assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo("get with access token 2");
			}
			assertThat(fixture.server).receivedTokenRequests(2);
		}
	}

	@Test
	@Tag("BC-1")
	@Tag("SE-1")
	void callWhenNoClientCoversItThenIsUntouchedAndNoted() {
		TokenExchangeFilterFunction filter = filter(manager()).build();
		RestClient restClient = restClient(filter);
		assertThat(call(restClient.get().uri(url("/elsewhere"))).header(HttpHeaders.AUTHORIZATION)).isNull();
		assertThat(
				call(get(restClient).header(HttpHeaders.AUTHORIZATION, "Basic mine")).header(HttpHeaders.AUTHORIZATION))
			.isEqualTo("Basic mine");
		assertThat(call(get(restClient).attributes(TokenAttributes.noToken())).header(HttpHeaders.AUTHORIZATION))
			.isNull();
		assertThat(filter.explainer().requestsWithoutToken()).extracting((request) -> request.explanation().reason())
			.containsExactly(Reason.NO_TOKEN_WANTED, Reason.AUTHORIZATION_SET, Reason.NO_CLIENT);
		assertThat(filter.explainer().requestsWithoutToken()).extracting(RequestWithoutToken::status)
			.containsExactly(401, 400, 401);
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	@Tag("BC-1")
	@Tag("SE-1")
	void callWhenItNamesAClientForAnotherOriginThenIsRefusedAndNothingIsSent() {
		RestClient restClient = restClient(manager());
		assertThatIllegalArgumentException()
			.isThrownBy(() -> restClient.get()
				.uri("https://evil.example/api")
				.attributes(TokenAttributes.client("inventory"))
				.retrieve()
				.toBodilessEntity())
			.withMessageContaining("must not go to https://evil.example");
		assertThat(this.server).receivedResourceRequests(0);
	}

	@Test
	@Tag("BC-1")
	void callWhenTheServerCannotBeReachedThenIsNotedAndItsCallerSeesWhy() {
		TokenExchangeFilterFunction filter = filter(manager()).build();
		RestClient restClient = restClient(filter);
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> restClient.get().uri("http://127.0.0.1:1/").retrieve().toBodilessEntity());
		assertThat(filter.explainer().requestsWithoutToken()).singleElement()
			.satisfies((request) -> assertThat(request.status()).isNull());
	}

	@Test
	@Tag("BC-6")
	void callWhenItNamesItsSubjectThenCarriesThatOnesToken() {
		RestClient restClient = restClient(
				filter(managerOf("alice", "resolved")).subjectResolver("inventory", (request) -> Mono.just("resolved"))
					.build());
		assertThat(call(get(restClient).attributes(TokenAttributes.subject("alice"))).subject()).isEqualTo("alice");
		assertThat(call(get(restClient)).subject()).isEqualTo("resolved");
	}

	@Test
	@Tag("BC-6")
	void callWhenSomebodyIsLoggedInOnTheThreadThenThePrincipalIsTheSubject() {
		RestClient restClient = restClient(
				filter(managerOf("alice")).subjectResolver("inventory", SubjectResolver.securityContext()).build());
		SecurityContextHolder.getContext()
			.setAuthentication(new TestingAuthenticationToken("alice", "secret", "ROLE_USER"));
		assertThat(call(get(restClient)).subject()).isEqualTo("alice");
		SecurityContextHolder.clearContext();
		assertThat(call(get(restClient)).subject()).isEqualTo("orders");
	}

	@Test
	@Tag("BC-6")
	void callWhenAThreadLocalIsRegisteredThenAResolverFindsItInTheContext() {
		ThreadLocal<String> tenant = new ThreadLocal<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("evertoken.blocking-tenant", tenant);
		try {
			RestClient restClient = restClient(filter(managerOf("acme"))
				.subjectResolver("inventory", SubjectResolver.contextKey("evertoken.blocking-tenant"))
				.build());
			tenant.set("acme");
			assertThat(call(get(restClient)).subject()).isEqualTo("acme");
		}
		finally {
			tenant.remove();
			ContextRegistry.getInstance().removeThreadLocalAccessor("evertoken.blocking-tenant");
		}
	}

	@Test
	@Tag("BC-6")
	void callThenAResolverSeesTheRequest() {
		AtomicReference<String> seen = new AtomicReference<>();
		RestClient restClient = restClient(filter(managerOf("acme")).subjectResolver("inventory", (request) -> {
			seen.set(request.method() + " " + request.url().getPath() + " " + request.headers().getFirst("X-Tenant")
					+ " " + request.attribute("tenant").orElse("none") + " " + request.cookies());
			return Mono.just(request.headers().getFirst("X-Tenant"));
		}).build());
		assertThat(call(get(restClient).header("X-Tenant", "acme").attribute("tenant", 42)).subject())
			.isEqualTo("acme");
		assertThat(seen).hasValue("GET /api/v1/items acme 42 {}");
	}

	@Test
	@Tag("BC-6")
	void callWhenThereIsNoSubjectTokenThenFailsAndNothingIsSent() {
		RestClient restClient = restClient(
				filter(manager()).subjectTokenResolver("inventory", (request) -> Mono.empty()).build());
		assertThatExceptionOfType(ReauthenticationRequiredException.class)
			.isThrownBy(() -> get(restClient).retrieve().toBodilessEntity())
			.withMessageContaining("there is no subject token");
		assertThat(this.server).receivedResourceRequests(0);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	@Tag("BC-3")
	void callWhenTheThreadIsAnEventLoopThenFailsAtOnceAndSaysWhatToDo(boolean warm) {
		RestClient restClient = restClient(manager());
		if (warm) {
			call(get(restClient));
		}
		int before = this.server.requests(Endpoint.RESOURCE).size();
		Mono<String> call = Mono.fromCallable(() -> get(restClient).retrieve().body(String.class));
		assertThatIllegalStateException().isThrownBy(() -> call.subscribeOn(Schedulers.parallel()).block(LIMIT))
			.withMessageContaining("token of client 'inventory'")
			.withMessageContaining("'parallel-")
			.withMessageContaining("subscribeOn(Schedulers.boundedElastic())");
		assertThat(this.server).receivedResourceRequests(before);
		assertThat(call.subscribeOn(Schedulers.boundedElastic()).block(LIMIT)).isEqualTo("get with access token 1");
	}

	@Test
	@Tag("BC-3")
	void callWhenTheThreadIsAnEventLoopAndNoClientCoversItThenIsNoneOfOurBusiness() {
		RestClient restClient = restClient(manager());
		ReceivedRequest received = Mono.fromCallable(() -> call(restClient.get().uri(url("/elsewhere"))))
			.subscribeOn(Schedulers.parallel())
			.block(LIMIT);
		assertThat(received.path()).endsWith("/elsewhere");
		assertThat(received.header(HttpHeaders.AUTHORIZATION)).isNull();
	}

	@Test
	@Tag("BC-3")
	@Tag("SF-2")
	void callWhenTheThreadIsInterruptedThenItsWaitEndsAndTheOthersGetTheToken() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		Fixture.holdTokens(this.server, released);
		RestClient restClient = restClient(manager());
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
		assertThat(this.server).receivedResourceRequests(0);
		released.countDown();
		assertThat(call(get(restClient)).accessToken()).isEqualTo(1);
		assertThat(this.server).receivedTokenRequests(1);
	}

	@Test
	@Tag("BC-3")
	@Tag("SF-4")
	void callWhenNoTokenComesThenEndsAfterMaxWait() {
		this.server.disturb(Fault.hanging());
		DefaultTokenManager manager = opened(DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", Fixture.issuer(this.server).build())
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMillis(200))
				.build())
			.build());
		assertThatExceptionOfType(TransientTokenException.class)
			.isThrownBy(() -> get(restClient(manager)).retrieve().toBodilessEntity())
			.withMessageContaining("max-wait");
	}

	@Test
	@Tag("BC-1")
	void callWhenSomebodyMustLogInAgainThenFailsWithTheLibrarysExceptionAndNothingIsSent() {
		DefaultTokenManager manager = manager(
				Fixture.issuer(this.server).grant(AuthorizationGrant.refreshTokenOnly()).build());
		manager
			.put(TokenKey.of("inventory"), TokenSet.withRefreshToken(this.server.newSession("orders", "alice")).build())
			.block(LIMIT);
		this.server.endSessions();
		assertThatExceptionOfType(ReauthenticationRequiredException.class)
			.isThrownBy(() -> get(restClient(manager)).retrieve().toBodilessEntity())
			.satisfies((ex) -> assertThat(ex.client()).isEqualTo("inventory"));
		assertThat(this.server).receivedResourceRequests(0);
	}

	@Test
	@Tag("BC-1")
	void callWhenTheNextTokenCannotBeHadThenFailsWithTheLibrarysException() {
		DefaultTokenManager manager = manager();
		manager.token(TokenKey.of("inventory")).block(LIMIT);
		this.server.revokeAccessTokens();
		this.server.disturb(Fault.refused("invalid_client"));
		assertThatExceptionOfType(TokenRefusedException.class)
			.isThrownBy(() -> get(restClient(manager)).retrieve().toBodilessEntity());
		assertThat(this.server).receivedResourceRequests(1);
	}

	@Test
	@Tag("BC-1")
	@Tag("RN-5")
	void callWhenItSaysHowLongItTakesThenGoesWithATokenThatLasts() {
		this.server.accessTokenLifetime(Duration.ofMinutes(10));
		DefaultTokenManager manager = manager();
		AccessToken held = manager.token(TokenKey.of("inventory")).block(LIMIT);
		manager
			.put(TokenKey.of("inventory"),
					TokenSet.withAccessToken(held.value())
						.obtainedAt(held.obtainedAt().minus(Duration.ofMinutes(3)))
						.expiresIn(Duration.ofMinutes(10))
						.build())
			.block(LIMIT);
		RestClient restClient = restClient(manager);
		call(get(restClient).attributes(TokenAttributes.expectedDuration(Duration.ofMinutes(5))));
		call(get(restClient).attributes(TokenAttributes.expectedDuration(Duration.ofMinutes(9))));
		assertThat(this.server).receivedResourceRequestsWithAccessTokens(1, 2);
	}

	@Test
	@Tag("BC-1")
	void callWhenTheManagerIsAUsersOwnThenItIsAsked() {
		DefaultTokenManager manager = manager();
		List<TokenKey> asked = new ArrayList<>();
		TokenManager own = new DelegatingTokenManager(manager) {

			@Override
			public Mono<AccessToken> token(TokenKey key) {
				asked.add(key);
				return super.token(key);
			}

		};
		assertThat(call(get(restClient(own))).accessToken()).isEqualTo(1);
		assertThat(asked).containsExactly(TokenKey.of("inventory"));
	}

	@Test
	@Tag("BC-1")
	void callWhenAnInterceptorBehindReplacesTheTokenThenIsWarnedOfOnce() {
		this.server.disturb(Fault.answer(200, "text/plain", "ok").at(Endpoint.RESOURCE));
		RestClient restClient = RestClient.builder()
			.requestFactory(BlockingConnector.JDK.factory())
			.requestInterceptor(new TokenExchangeInterceptor(filter(manager()).build()))
			.requestInterceptor((request, body, execution) -> {
				request.getHeaders().setBearerAuth("other");
				return execution.execute(request, body);
			})
			.build();
		try (LogLines log = new LogLines(TokenExchangeFilterFunction.class.getName())) {
			assertThat(call(get(restClient)).header(HttpHeaders.AUTHORIZATION)).isEqualTo("Bearer other");
			assertThat(call(get(restClient)).header(HttpHeaders.AUTHORIZATION)).isEqualTo("Bearer other");
			assertThat(log.with("An interceptor behind Evertoken's has replaced")).hasSize(1);
		}
	}

	@Test
	void newWhenTheFilterIsDeferredThenIsAskedForNothingBeforeTheFirstRequest() {
		AtomicInteger made = new AtomicInteger();
		TokenExchangeFilterFunction filter = filter(manager()).build();
		RestClient restClient = restClient(TokenExchangeFilterFunction.deferred(() -> {
			made.incrementAndGet();
			return filter;
		}));
		assertThat(made).hasValue(0);
		assertThat(call(get(restClient)).accessToken()).isEqualTo(1);
		call(get(restClient));
		assertThat(made).hasValue(1);
	}

	@Test
	void newWhenThereIsNoFilterThenIsRefused() {
		assertThatNullPointerException().isThrownBy(() -> new TokenExchangeInterceptor(null)).withMessage("filter");
	}

}
