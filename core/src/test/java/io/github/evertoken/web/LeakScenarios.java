package io.github.evertoken.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.evertoken.web.RejectionPolicy.Decision;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Requests that succeed, are refused, are cancelled and fail, while each buffer is
 * watched.
 */
@Tag("RJ-5")
@Tag("RJ-7")
abstract class LeakScenarios {

	static final Duration LIMIT = Duration.ofMinutes(1);

	static final int TIMES = 20;

	private static final RejectionPolicy BY_BODY = (answer) -> {
		if (answer.status() == 401) {
			return RejectionPolicy.standard().decide(answer);
		}
		return (answer.body() == null) ? Decision.READ_BODY
				: answer.body().startsWith("expired") ? Decision.RENEW_AND_RESEND : Decision.PASS_ON;
	};

	@StartStop
	final MockWebServer server = new MockWebServer();

	private RefusingFixture fixture;

	private WebClient webClient;

	@BeforeEach
	void open() {
		this.fixture = new RefusingFixture(this.server);
		this.webClient = this.fixture.webClient(watched(), BY_BODY);
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

	/**
	 * Return a client whose buffers are watched.
	 */
	abstract WebClient.Builder watched();

	abstract void assertThatNothingLeaks();

	private Mono<String> call() {
		return this.webClient.post()
			.bodyValue("a body")
			.exchangeToMono((response) -> response.bodyToMono(String.class));
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
		assertThatNothingLeaks();
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
		assertThatNothingLeaks();
	}

	@Test
	void callWhenCancelledThenLeaksNothing() {
		for (int i = 0; i < TIMES; i++) {
			int before = this.server.getRequestCount();
			this.server.enqueue(slowly((i % 2 == 0) ? 403 : 401));
			Disposable caller = call().onErrorComplete().subscribe();
			Awaitility.await().until(() -> this.server.getRequestCount() > before);
			Mono.delay(Duration.ofMillis(5L * i)).block();
			caller.dispose();
		}
		assertThatNothingLeaks();
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
		assertThatNothingLeaks();
	}

	private static Flux<String> onceOnly() {
		return Flux.fromStream(Stream.of("a", "b"));
	}

}
