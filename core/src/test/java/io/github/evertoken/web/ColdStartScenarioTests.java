package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.support.LogLines;
import io.github.evertoken.test.support.TestWebClients;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;
import reactor.util.context.Context;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many who wait for the first token, told over real HTTP on the threads of a real
 * application.
 */
class ColdStartScenarioTests {

	private static final int CALLERS = 50;

	private static final int STEPS = 25;

	private final Fixture fixture = new Fixture();

	private final TokenIssuer issuer = this.fixture.issuer();

	private final WebClient plain = TestWebClients.builder().build();

	private final Scheduler one = Schedulers.newParallel("one", 1);

	private final CountDownLatch released = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.released.countDown();
		this.fixture.close();
		this.one.dispose();
	}

	@Test
	@Tag("LC-13")
	void callersThenTheirConnectionsAreNotAllOnOneEventLoop() {
		assertThat(LoopResources.DEFAULT_IO_WORKER_COUNT).isGreaterThan(1);
		Set<String> loops = ConcurrentHashMap.newKeySet();
		this.fixture.slowTokens(Duration.ofMillis(300));
		this.fixture.slowResource(Duration.ofMillis(100));
		List<String> answers = callAll(this.fixture.webClient, (request, next) -> next.exchange(request)
			.doOnNext((response) -> loops.add(Thread.currentThread().getName())));
		Awaitility.await().until(() -> answers.size() == CALLERS);
		assertThat(this.fixture.server).receivedTokenRequests(1);
		assertThat(loops).hasSizeGreaterThan(1);
	}

	@Test
	@Tag("LC-13")
	void callersWhenOneOfThemBlocksAsItIsWokenThenTheOthersAreAnswered() {
		this.fixture.slowTokens(Duration.ofMillis(300));
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
	@Tag("LC-1")
	@Tag("LC-13")
	void callersWhenTheOnlyThreadOfTheSchedulerIsBlockedThenAreAnsweredAllTheSame() {
		try (DefaultTokenManager manager = blocked(Duration.ofMinutes(1))) {
			List<String> answers = callAll(webClient(manager), (request, next) -> next.exchange(request));
			Awaitility.await().until(() -> answers.size() == CALLERS);
		}
	}

	@Test
	@Tag("LC-1")
	void callerWhenTheOnlyThreadOfTheSchedulerIsBlockedAndTheIssuerHangsThenItsMaxWaitEnds() {
		this.fixture.server.disturb(Fault.hanging());
		try (DefaultTokenManager manager = blocked(Duration.ofMillis(200))) {
			List<Throwable> failures = new CopyOnWriteArrayList<>();
			callWith(manager).subscribe(null, failures::add);
			Awaitility.await().until(() -> failures.size() == 1);
			assertThat(failures.get(0)).isInstanceOf(TransientTokenException.class).hasMessageContaining("max-wait");
		}
	}

	/**
	 * What throws is called wherever Reactor brings a Context to a thread: each time it
	 * is another step of the call, or of its flight, that fails.
	 */
	@Test
	@Tag("LC-1")
	void callerWhenAThreadLocalCouldNotBeSetOnceThenTheNextOneIsAnswered() {
		AtomicInteger left = new AtomicInteger();
		ContextRegistry registry = ContextRegistry.getInstance();
		registry.registerThreadLocalAccessor(new ThrowingOnce(left));
		Hooks.enableAutomaticContextPropagation();
		Hooks.onErrorDropped((ex) -> {
		});
		// A pool of connections that meets the error is of no use to the next call.
		ReactorClientHttpConnector unpooled = new ReactorClientHttpConnector(HttpClient.newConnection());
		// Their errors are the ones that are made here.
		List<LogLines> silenced = List.of(new LogLines("reactor.core.scheduler"),
				new LogLines("reactor.netty.channel"));
		try {
			for (int step = 1; step <= STEPS; step++) {
				try (DefaultTokenManager manager = manager(Schedulers.parallel(), Duration.ofSeconds(30))) {
					Mono<String> call = call(webClient(manager).mutate().clientConnector(unpooled).build());
					AtomicBoolean over = new AtomicBoolean();
					left.set(step);
					subscribe(call.contextWrite(Context.of(ThrowingOnce.KEY, "here")), over);
					Awaitility.await().until(() -> over.get() || left.get() <= 0);
					left.set(0);
					assertThat(Fixture.await(call)).as("step %d", step).isNotNull();
				}
			}
		}
		finally {
			Hooks.resetOnErrorDropped();
			Hooks.disableAutomaticContextPropagation();
			registry.removeThreadLocalAccessor(ThrowingOnce.KEY);
			silenced.forEach(LogLines::close);
		}
	}

	/**
	 * What is thrown while it subscribes is the caller's to see.
	 */
	private static void subscribe(Mono<String> call, AtomicBoolean over) {
		try {
			call.doFinally((signal) -> over.set(true)).subscribe((answer) -> {
			}, (ex) -> {
			});
		}
		catch (IllegalStateException ex) {
			assertThat(ex).hasMessage(ThrowingOnce.KEY);
			over.set(true);
		}
	}

	private Mono<String> callWith(DefaultTokenManager manager) {
		return call(webClient(manager));
	}

	private static Mono<String> call(WebClient webClient) {
		return Mono.defer(() -> webClient.get().uri("/items/7").retrieve().bodyToMono(String.class));
	}

	/**
	 * Return a manager on whose only thread somebody waits.
	 */
	private DefaultTokenManager blocked(Duration maxWait) {
		this.one.schedule(() -> await(this.released));
		return manager(this.one, maxWait);
	}

	private DefaultTokenManager manager(Scheduler scheduler, Duration maxWait) {
		return DefaultTokenManager.builder()
			.scheduler(scheduler)
			.client(ClientSettings.of("inventory", this.issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(maxWait)
				.build())
			.build();
	}

	private WebClient webClient(DefaultTokenManager manager) {
		String baseUrl = this.fixture.server.resourceUri();
		return this.plain.mutate()
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

	private record ThrowingOnce(AtomicInteger left) implements ThreadLocalAccessor<String> {

		static final String KEY = "evertoken.throwing";

		@Override
		public Object key() {
			return KEY;
		}

		@Override
		public @Nullable String getValue() {
			return null;
		}

		@Override
		public void setValue(String value) {
			step();
		}

		@Override
		public void setValue() {
			step();
		}

		private void step() {
			if (this.left.getAndDecrement() == 1) {
				throw new IllegalStateException(KEY);
			}
		}

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
