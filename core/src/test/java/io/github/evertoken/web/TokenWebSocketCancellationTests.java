package io.github.evertoken.web;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for what {@link TokenWebSocketClient} leaves open when its caller goes away, at
 * any moment.
 */
@Tag("WS-3")
class TokenWebSocketCancellationTests {

	private static final String ROUND = "X-Round";

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final AtomicInteger opened = new AtomicInteger();

	private final AtomicInteger left = new AtomicInteger();

	private final Set<String> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger refusals = new AtomicInteger();

	private final WebSocketFixture fixture = new WebSocketFixture(this::answer, (request) -> Mono
		.fromSupplier(() -> TokenSet.withAccessToken("planted").expiresIn(Duration.ofHours(1)).build()));

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		if (this.refusals.getAndUpdate((more) -> Math.max(0, more - 1)) > 0) {
			return response.status(401).header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").send();
		}
		return response.sendWebsocket((in, out) -> {
			this.opened.incrementAndGet();
			String round = request.requestHeaders().get(ROUND, "none");
			this.open.add(round);
			// Of one that is closed while it is being opened the session may not be told.
			in.withConnection((connection) -> connection.channel().closeFuture().addListener((closed) -> {
				this.open.remove(round);
				this.left.incrementAndGet();
			}));
			return in.receive().then();
		});
	}

	@AfterEach
	void stop() {
		this.fixture.close();
	}

	private Mono<Void> session(TokenWebSocketClient client) {
		return client.execute(this.fixture.url("/changes"), (session) -> session.receive().then());
	}

	/**
	 * The policy looks at the answer when the WebSocket is open, and nobody handles it
	 * yet.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void callerWhenHeGoesAwayBetweenHandshakeAndSessionThenTheWebSocketIsClosed(int refused) {
		Disposable.Swap caller = Disposables.swap();
		TokenWebSocketClient client = this.fixture.client(new RejectionPolicy() {

			@Override
			public boolean considers(int status) {
				if (status == HttpStatus.SWITCHING_PROTOCOLS.value()) {
					caller.dispose();
				}
				return true;
			}

			@Override
			public Decision decide(Answer answer) {
				return (answer.status() == HttpStatus.UNAUTHORIZED.value()) ? Decision.RENEW_AND_RESEND
						: Decision.PASS_ON;
			}

		});
		this.refusals.set(refused);
		caller.update(session(client).subscribe());
		Awaitility.await().atMost(LIMIT).until(() -> this.opened.get() == 1);
		Awaitility.await().atMost(LIMIT).until(() -> this.left.get() == 1);
		assertThat(this.refusals).hasValue(0);
	}

	@Test
	void callerWhenThePolicyFailsThenGetsThatAndTheWebSocketIsClosed() {
		TokenWebSocketClient client = this.fixture.client(new RejectionPolicy() {

			@Override
			public boolean considers(int status) {
				return status == HttpStatus.SWITCHING_PROTOCOLS.value();
			}

			@Override
			public Decision decide(Answer answer) {
				throw new IllegalStateException("planted");
			}

		});
		assertThatIllegalStateException().isThrownBy(() -> session(client).block(LIMIT)).withMessage("planted");
		Awaitility.await().atMost(LIMIT).until(() -> this.opened.get() == 1);
		Awaitility.await().atMost(LIMIT).until(() -> this.left.get() == 1);
	}

	/**
	 * One that Reactor Netty's client hands to nobody is not counted: where its caller
	 * went away while it was being opened, it may stay open without this client too.
	 */
	@Test
	void callersWhenTheyGoAwayAtAnyMomentThenNoWebSocketStaysOpen() {
		long seed = Long.getLong("seed", 20261126L);
		Random random = new Random(seed);
		Set<String> handled = ConcurrentHashMap.newKeySet();
		TokenWebSocketClient client = this.fixture.client(RejectionPolicy.standard());
		// Those that stay open take the place of others.
		for (int i = 0; i < Integer.getInteger("rounds", 300) && this.open.size() < 50; i++) {
			int before = this.opened.get();
			this.refusals.set(random.nextInt(4) == 0 ? 1 : 0);
			HttpHeaders headers = new HttpHeaders();
			String round = String.valueOf(i);
			headers.set(ROUND, round);
			Disposable caller = client.execute(this.fixture.url("/changes"), headers, (session) -> {
				handled.add(round);
				return session.receive().then();
			}).onErrorComplete().subscribe();
			boolean waits = random.nextInt(3) > 0;
			while (waits && this.opened.get() == before && !caller.isDisposed()) {
				Thread.onSpinWait();
			}
			for (int spins = random.nextInt(200_000); spins > 0; spins--) {
				Thread.onSpinWait();
			}
			caller.dispose();
		}
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.open).as("seed %d", seed).doesNotContainAnyElementsOf(handled));
		assertThat(handled).isNotEmpty();
	}

}
