package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.Rule;
import io.github.evertoken.test.TestWebClients;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many who wait for the first token, told over real HTTP on the threads of a real
 * application.
 */
class ColdStartScenarioTests {

	private static final int CALLERS = 50;

	private final Fixture fixture = new Fixture();

	private final Scheduler one = Schedulers.newParallel("one", 1);

	private final CountDownLatch released = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.released.countDown();
		this.fixture.close();
		this.one.dispose();
	}

	@Test
	@Rule("LC-13")
	void callersThenTheirConnectionsAreNotAllOnOneEventLoop() {
		assertThat(LoopResources.DEFAULT_IO_WORKER_COUNT).isGreaterThan(1);
		Set<String> loops = ConcurrentHashMap.newKeySet();
		this.fixture.authorizationServer.latency(Duration.ofMillis(300));
		this.fixture.resourceServer.latency(Duration.ofMillis(100));
		List<String> answers = callAll(this.fixture.webClient, (request, next) -> next.exchange(request)
			.doOnNext((response) -> loops.add(Thread.currentThread().getName())));
		Awaitility.await().until(() -> answers.size() == CALLERS);
		assertThat(this.fixture.authorizationServer.requests()).isEqualTo(1);
		assertThat(loops).hasSizeGreaterThan(1);
	}

	@Test
	@Rule("LC-13")
	void callersWhenOneOfThemBlocksAsItIsWokenThenTheOthersAreAnswered() {
		this.fixture.authorizationServer.latency(Duration.ofMillis(300));
		AtomicBoolean first = new AtomicBoolean(true);
		List<String> answers = callAll(this.fixture.webClient, (request, next) -> Mono.defer(() -> {
			if (first.getAndSet(false)) {
				await(this.released);
			}
			return next.exchange(request);
		}));
		Awaitility.await().until(() -> answers.size() == CALLERS - 1);
		this.released.countDown();
		Awaitility.await().until(() -> answers.size() == CALLERS);
	}

	@Test
	@Rule({ "LC-1", "LC-13" })
	void callersWhenTheOnlyThreadOfTheSchedulerIsBlockedThenAreAnsweredAllTheSame() {
		try (DefaultTokenManager manager = blocked(Duration.ofMinutes(1))) {
			List<String> answers = callAll(webClient(manager), (request, next) -> next.exchange(request));
			Awaitility.await().until(() -> answers.size() == CALLERS);
		}
	}

	@Test
	@Rule("LC-1")
	void callerWhenTheOnlyThreadOfTheSchedulerIsBlockedAndTheIssuerHangsThenItsMaxWaitEnds() {
		this.fixture.authorizationServer.hang();
		try (DefaultTokenManager manager = blocked(Duration.ofMillis(200))) {
			List<Throwable> failures = new CopyOnWriteArrayList<>();
			webClient(manager).get().uri("/items/7").retrieve().bodyToMono(String.class).subscribe(null, failures::add);
			Awaitility.await().until(() -> failures.size() == 1);
			assertThat(failures.get(0)).isInstanceOf(TransientTokenException.class).hasMessageContaining("max-wait");
		}
	}

	/**
	 * Return a manager on whose only thread somebody waits.
	 */
	private DefaultTokenManager blocked(Duration maxWait) {
		this.one.schedule(() -> await(this.released));
		return DefaultTokenManager.builder()
			.scheduler(this.one)
			.client(ClientSettings.of("inventory", this.fixture.issuer()).maxWait(maxWait).build())
			.build();
	}

	private WebClient webClient(DefaultTokenManager manager) {
		String baseUrl = this.fixture.resourceServer.uri().toString();
		return TestWebClients.builder()
			.filter(new TokenExchangeFilterFunction(manager,
					ClientSelector.builder().add(BaseUrl.of(baseUrl), "inventory").build()))
			.baseUrl(baseUrl)
			.build();
	}

	private static List<String> callAll(WebClient webClient, ExchangeFilterFunction innermost) {
		WebClient observed = webClient.mutate().filter(innermost).build();
		List<String> answers = new CopyOnWriteArrayList<>();
		IntStream.range(0, CALLERS)
			.forEach((i) -> observed.get().uri("/items/7").retrieve().bodyToMono(String.class).subscribe(answers::add));
		return answers;
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
