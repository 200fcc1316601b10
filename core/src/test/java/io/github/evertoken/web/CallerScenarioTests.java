package io.github.evertoken.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.support.TestWebClients;
import io.micrometer.context.ContextRegistry;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What callers know of {@code WebClient} is as it is without the filter. Where answers
 * are told to the letter, the resource is a {@code MockWebServer}.
 */
class CallerScenarioTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private final Fixture fixture = new Fixture();

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void timeoutWhenTheTokenIsLateThenIsTheCallersOwnAndTheOthersGoOn() {
		CountDownLatch released = new CountDownLatch(1);
		Fixture.holdTokens(this.fixture.server, released);
		Mono<String> patient = this.fixture.call().cache();
		patient.subscribe();
		StepVerifier.create(this.fixture.call().timeout(Duration.ofMillis(100)))
			.expectError(TimeoutException.class)
			.verify(LIMIT);
		released.countDown();
		assertThat(patient.block(LIMIT)).isNotNull();
		assertThat(this.fixture.server).receivedTokenRequests(1);
	}

	@Test
	void cancelWhenTheResponseIsOnItsWayThenTheExchangeIsCancelled() {
		AtomicInteger cancelled = new AtomicInteger();
		WebClient webClient = this.fixture.webClient.mutate()
			.filter((request, next) -> next.exchange(request).doOnCancel(cancelled::incrementAndGet))
			.build();
		this.fixture.call().block(LIMIT);
		this.fixture.slowResource(Duration.ofMinutes(10));
		Disposable caller = webClient.get().uri("/").retrieve().bodyToMono(String.class).subscribe();
		Awaitility.await().until(() -> this.fixture.server.requests(Endpoint.RESOURCE).size() == 2);
		caller.dispose();
		assertThat(cancelled).hasValue(1);
	}

	@Test
	void contextWhenTheCallerHasOneThenEveryFilterSeesItInBothAttempts() {
		List<String> seen = new CopyOnWriteArrayList<>();
		WebClient webClient = this.fixture.webClient.mutate()
			.filter((request, next) -> Mono.deferContextual((context) -> {
				seen.add(context.get("tenant"));
				return next.exchange(request);
			}))
			.build();
		Mono<String> call = webClient.get()
			.uri("/")
			.retrieve()
			.bodyToMono(String.class)
			.contextWrite(Context.of("tenant", "alice"));
		call.block(LIMIT);
		this.fixture.server.revokeAccessTokens();
		call.block(LIMIT);
		assertThat(seen).containsExactly("alice", "alice", "alice");
	}

	@Test
	void threadLocalsWhenContextIsPropagatedThenAreThoseOfEachCaller() {
		ThreadLocal<String> tenant = new ThreadLocal<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("evertoken.tenant", tenant);
		Hooks.enableAutomaticContextPropagation();
		try {
			this.fixture.slowTokens(Duration.ofMillis(200));
			List<String> seen = Flux.range(0, 100)
				.flatMap((i) -> this.fixture.call()
					.map((answer) -> i + "=" + tenant.get())
					.contextWrite(Context.of("evertoken.tenant", "tenant-" + i)), 100)
				.collectList()
				.block(LIMIT);
			assertThat(seen).hasSize(100).allSatisfy((pair) -> {
				String[] parts = pair.split("=");
				assertThat(parts[1]).isEqualTo("tenant-" + parts[0]);
			});
			assertThat(this.fixture.server).receivedTokenRequests(1);
		}
		finally {
			Hooks.disableAutomaticContextPropagation();
			ContextRegistry.getInstance().removeThreadLocalAccessor("evertoken.tenant");
		}
	}

	/**
	 * Reactor hands thread-locals to the tasks of a scheduler where context propagation
	 * is automatic; those of the first caller must not reach the issuer all the same.
	 */
	@Test
	@Tag("SF-3")
	void threadLocalsWhenContextIsPropagatedThenDoNotReachTheIssuer() {
		ThreadLocal<String> tenant = new ThreadLocal<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("evertoken.tenant", tenant);
		Hooks.enableAutomaticContextPropagation();
		AtomicReference<String> seen = new AtomicReference<>("nothing yet");
		DefaultTokenManager manager = DefaultTokenManager.builder().client(ClientSettings.of("inventory", (request) -> {
			seen.set(tenant.get());
			return this.fixture.issuer().issue(request);
		}).build()).build();
		try {
			tenant.set("of the first caller");
			manager.token(Fixture.KEY).contextWrite(Context.of("evertoken.tenant", "of the first caller")).block(LIMIT);
			assertThat(seen.get()).isNull();
		}
		finally {
			tenant.remove();
			Hooks.disableAutomaticContextPropagation();
			ContextRegistry.getInstance().removeThreadLocalAccessor("evertoken.tenant");
			manager.close();
		}
	}

	@Test
	void retryWhenTheCallerHasOneThenEachRetryIsARequestOfItsOwn() {
		this.server.enqueue(new MockResponse.Builder().code(503).build());
		this.server.enqueue(new MockResponse.Builder().code(401).build());
		this.server.enqueue(new MockResponse.Builder().body("ok").build());
		String answer = webClient().get()
			.uri("/")
			.retrieve()
			.bodyToMono(String.class)
			.retryWhen(Retry.max(1).filter(WebClientResponseException.ServiceUnavailable.class::isInstance))
			.block(LIMIT);
		assertThat(answer).isEqualTo("ok");
		assertThat(this.server.getRequestCount()).isEqualTo(3);
	}

	@Test
	void exchangeToMonoThenSeesTheSecondAnswerAlone() {
		this.server.enqueue(new MockResponse.Builder().code(401).addHeader("X-Attempt", "1").build());
		this.server.enqueue(new MockResponse.Builder().code(418).addHeader("X-Attempt", "2").body("teapot").build());
		String answer = webClient().get()
			.uri("/")
			.exchangeToMono((response) -> response.bodyToMono(String.class)
				.map((body) -> response.statusCode().value() + body
						+ response.headers().asHttpHeaders().getFirst("X-Attempt")))
			.block(LIMIT);
		assertThat(answer).isEqualTo("418teapot2");
	}

	@Test
	void onStatusThenIsAskedForTheSecondAnswerAlone() {
		this.server.enqueue(new MockResponse.Builder().code(401).build());
		this.server.enqueue(new MockResponse.Builder().code(409).body("conflict").build());
		AtomicInteger asked = new AtomicInteger();
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> webClient().get().uri("/").retrieve().onStatus(HttpStatusCode::isError, (response) -> {
				asked.incrementAndGet();
				return response.bodyToMono(String.class).map(IllegalStateException::new);
			}).bodyToMono(String.class).block(LIMIT))
			.withMessage("conflict");
		assertThat(asked).hasValue(1);
	}

	@Test
	void httpInterfaceThenIsCalledWithAToken() {
		Items items = HttpServiceProxyFactory.builderFor(WebClientAdapter.create(this.fixture.webClient))
			.build()
			.createClient(Items.class);
		assertThat(items.item("7").block(LIMIT)).isNotNull();
		this.fixture.server.revokeAccessTokens();
		assertThat(items.item("7").block(LIMIT)).isNotNull();
		assertThat(this.fixture.unauthorized()).hasSize(1);
	}

	interface Items {

		@GetExchange("/items/{id}")
		Mono<String> item(@PathVariable String id);

	}

	@Test
	@Tag("RN-5")
	void expectedDurationWhenTheTokenDoesNotLastThenTheRequestGoesWithALongerOne() {
		this.fixture.server.accessTokenLifetime(Duration.ofMinutes(10));
		String first = this.fixture.call().block(LIMIT);
		AccessToken held = this.fixture.manager.token(Fixture.KEY).block(LIMIT);
		this.fixture.manager
			.put(Fixture.KEY,
					TokenSet.withAccessToken(held.value())
						.obtainedAt(held.obtainedAt().minus(Duration.ofMinutes(3)))
						.expiresIn(Duration.ofMinutes(10))
						.build())
			.block(LIMIT);
		assertThat(callLasting(Duration.ofMinutes(5))).isEqualTo(first);
		assertThat(callLasting(Duration.ofMinutes(9))).isNotEqualTo(first);
		assertThat(this.fixture.server).receivedTokenRequests(2);
	}

	private String callLasting(Duration duration) {
		return this.fixture.webClient.get()
			.uri("/")
			.attributes(TokenAttributes.expectedDuration(duration))
			.retrieve()
			.bodyToMono(String.class)
			.block(LIMIT);
	}

	@Test
	@Tag("RN-5")
	void expectedDurationWhenItMakesNoSenseThenIsRefusedAtAssembly() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenAttributes.expectedDuration(Duration.ZERO))
			.withMessageContaining("must be positive");
		assertThatIllegalArgumentException().isThrownBy(() -> TokenAttributes.expectedDuration(Duration.ofMillis(-1)))
			.withMessageContaining("must be positive");
	}

	/**
	 * 512 MiB, sent in pieces as the server reads them, over a time in which the first
	 * token expires; the heap of the tests could not hold them.
	 */
	@Test
	@Tag("RN-5")
	void uploadWhenItOutlastsTheFirstTokenThenIsSentOnceInConstantMemory() throws IOException {
		this.fixture.server.accessTokenLifetime(Duration.ofSeconds(2));
		AtomicReference<Long> received = new AtomicReference<>(0L);
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("upload", this.fixture.issuer())
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		try (MockWebServer sink = new MockWebServer()) {
			sink.setBodyLimit(0);
			sink.setDispatcher(new Dispatcher() {
				@Override
				public MockResponse dispatch(RecordedRequest request) {
					received.set(request.getBodySize());
					return new MockResponse.Builder().build();
				}
			});
			sink.start();
			WebClient webClient = TestWebClients.builder()
				.filter(new TokenExchangeFilterFunction(manager,
						ClientSelector.builder().add(BaseUrl.of(sink.url("/").toString()), "upload").build()))
				.build();
			int pieces = 4096;
			byte[] piece = new byte[128 * 1024];
			AtomicInteger sent = new AtomicInteger();
			Publisher<DataBuffer> body = Flux.range(0, pieces)
				.limitRate(16)
				.concatMap((i) -> (i % 128 == 0) ? Mono.delay(Duration.ofMillis(100)).thenReturn(i) : Mono.just(i), 1)
				.map((i) -> {
					sent.incrementAndGet();
					return DefaultDataBufferFactory.sharedInstance.wrap(piece);
				});
			Mono<HttpStatusCode> upload = webClient.post()
				.uri(sink.url("/").uri())
				.attributes(TokenAttributes.expectedDuration(Duration.ofSeconds(2)))
				.body(BodyInserters.fromDataBuffers(body))
				.exchangeToMono((response) -> Mono.just(response.statusCode()));
			assertThat(manager.lease(TokenKey.of("upload"), Duration.ofSeconds(30), LeasePolicy.WARN, upload)
				.block(Duration.ofMinutes(5))).isEqualTo(HttpStatus.OK);
			assertThat(sent).hasValue(pieces);
			assertThat(received.get()).isEqualTo((long) pieces * piece.length);
			assertThat(this.fixture.tokenRequests()).as("renewed meanwhile").isGreaterThan(1);
		}
		manager.close();
	}

	/**
	 * The user's side of a stream that is to outlive its token needs nothing but a retry:
	 * each subscription gets the token of its moment.
	 */
	@Test
	void streamWhenItIsCutAndItsTokenRevokedThenResumesWithAFreshToken() throws InterruptedException {
		this.server.enqueue(events("1", "2"));
		this.server.enqueue(new MockResponse.Builder().code(401).build());
		this.server.enqueue(events("3", "4"));
		Flux<String> stream = webClient().get()
			.uri("/events")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.retrieve()
			.bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {
			})
			.mapNotNull(ServerSentEvent::data)
			.concatWith(Mono.error(new IOException("the stream was cut")))
			.retryWhen(Retry.indefinitely().filter(IOException.class::isInstance));
		StepVerifier.create(stream.take(4)).expectNext("1", "2", "3", "4").expectComplete().verify(LIMIT);
		assertThat(accessTokenOfNextRequest()).isEqualTo(1);
		assertThat(accessTokenOfNextRequest()).isEqualTo(1);
		assertThat(accessTokenOfNextRequest()).isEqualTo(2);
	}

	private static MockResponse events(String... events) {
		StringBuilder body = new StringBuilder();
		for (String event : events) {
			body.append("data:").append(event).append("\n\n");
		}
		return new MockResponse.Builder().addHeader(HttpHeaders.CONTENT_TYPE, MediaType.TEXT_EVENT_STREAM_VALUE)
			.body(body.toString())
			.build();
	}

	private int accessTokenOfNextRequest() throws InterruptedException {
		return this.fixture.accessToken(this.server.takeRequest(1, TimeUnit.MINUTES));
	}

	/**
	 * A client of {@link #server} with tokens of the authorization server.
	 */
	private WebClient webClient() {
		String url = this.server.url("/").toString();
		return TestWebClients.builder().baseUrl(url).filter(this.fixture.filterFor(url)).build();
	}

}
