package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.evertoken.test.Rule;
import io.github.evertoken.web.RejectionPolicy.Decision;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets Netty's leak detector watch every buffer while requests succeed, are refused, are
 * cancelled and fail.
 */
@Rule({ "RJ-5", "RJ-7" })
class LeakTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final int TIMES = 20;

	private static final RejectionPolicy BY_BODY = (answer) -> {
		if (answer.status() == 401) {
			return RejectionPolicy.standard().decide(answer);
		}
		return (answer.body() == null) ? Decision.READ_BODY
				: answer.body().startsWith("expired") ? Decision.RENEW_AND_RESEND : Decision.PASS_ON;
	};

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

	private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

	private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

	private RefusingFixture fixture;

	private WebClient webClient;

	@BeforeEach
	void watch() {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		this.reports.list = new CopyOnWriteArrayList<>();
		this.reports.start();
		this.logger.setLevel(Level.ERROR);
		this.logger.addAppender(this.reports);
		this.fixture = new RefusingFixture(this.server);
		this.webClient = this.fixture.webClient(BY_BODY);
	}

	@AfterEach
	void restore() {
		this.fixture.close();
		this.logger.detachAppender(this.reports);
		this.logger.setLevel(null);
		ResourceLeakDetector.setLevel(this.level);
	}

	private Mono<String> call() {
		return this.webClient.post()
			.bodyValue("a body")
			.exchangeToMono((response) -> response.bodyToMono(String.class));
	}

	/**
	 * A leak is found when its buffer has been collected and another one is allocated.
	 */
	private List<String> reports() {
		for (int i = 0; i < 20; i++) {
			System.gc();
			ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(16);
			probe.release();
			Mono.delay(Duration.ofMillis(20)).block();
		}
		return this.reports.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	@Test
	void reportsWhenABufferIsNotReleasedThenNameIt() {
		leak();
		Awaitility.await().untilAsserted(() -> assertThat(reports()).isNotEmpty());
	}

	private static void leak() {
		for (int i = 0; i < TIMES; i++) {
			PooledByteBufAllocator.DEFAULT.directBuffer(1000);
		}
	}

	@Test
	void callWhenAcceptedRefusedAndResentThenLeaksNothing() {
		for (int i = 0; i < TIMES; i++) {
			this.fixture.answer(200, "ok");
			call().block(LIMIT);
			this.fixture.answer(401, "x".repeat(50_000), "Bearer error=\"invalid_token\"");
			this.fixture.answer(200, "ok");
			call().block(LIMIT);
			this.fixture.answer(401, "x".repeat(50_000), "Bearer error=\"insufficient_scope\"");
			call().block(LIMIT);
		}
		assertThat(reports()).isEmpty();
	}

	@Test
	void callWhenTheBodyIsReadThenLeaksNothing() {
		for (int i = 0; i < TIMES; i++) {
			this.fixture.answer(403, "expired" + "x".repeat(50_000));
			this.fixture.answer(403, "expired" + "x".repeat(50_000));
			call().block(LIMIT);
			this.fixture.answer(403, "forbidden" + "x".repeat(50_000));
			this.webClient.get().exchangeToMono((response) -> response.releaseBody()).block(LIMIT);
		}
		assertThat(reports()).isEmpty();
	}

	@Test
	void callWhenCancelledThenLeaksNothing() {
		for (int i = 0; i < TIMES; i++) {
			int before = this.server.getRequestCount();
			this.server.enqueue(slowly((i % 2 == 0) ? 403 : 401));
			Disposable caller = call().subscribe();
			Awaitility.await().until(() -> this.server.getRequestCount() > before);
			Mono.delay(Duration.ofMillis(5L * i)).block();
			caller.dispose();
		}
		assertThat(reports()).isEmpty();
	}

	private static MockResponse slowly(int status) {
		return new MockResponse.Builder().code(status)
			.body("x".repeat(5_000))
			.throttleBody(500, 20, TimeUnit.MILLISECONDS)
			.build();
	}

	@Test
	void callWhenItFailsThenLeaksNothing() {
		for (int i = 0; i < TIMES; i++) {
			this.server.enqueue(new MockResponse.Builder().code((i % 2 == 0) ? 403 : 401)
				.body("x".repeat(50_000))
				.onResponseBody(new SocketEffect.CloseSocket())
				.build());
			this.server.enqueue(new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
			call().onErrorComplete().block(LIMIT);
			if (i % 2 == 0) {
				call().onErrorComplete().block(LIMIT);
			}
			this.fixture.answer(401, "x", "Bearer error=\"invalid_token\"");
			this.webClient.post()
				.body(BodyInserters.fromPublisher(onceOnly(), String.class))
				.exchangeToMono((response) -> response.bodyToMono(String.class))
				.onErrorComplete()
				.block(LIMIT);
		}
		assertThat(reports()).isEmpty();
	}

	private static Flux<String> onceOnly() {
		return Flux.fromStream(Stream.of("a", "b"));
	}

}
