package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.util.context.Context;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link TokenWebSocketClient}, with handshakes over real HTTP. The server
 * sends what it was shown as {@code Authorization}, and the tokens are {@code t1},
 * {@code t2} and so on, or with the name of the subject behind.
 */
class TokenWebSocketClientTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final AtomicInteger issued = new AtomicInteger();

	private final List<String> shown = new CopyOnWriteArrayList<>();

	private final List<String> refused = new CopyOnWriteArrayList<>();

	private final CompletableFuture<Void> left = new CompletableFuture<>();

	private volatile String challenge = "Bearer error=\"invalid_token\"";

	private volatile boolean down;

	private final WebSocketFixture fixture = new WebSocketFixture(this::answer,
			(request) -> this.down ? Mono.error(new TransientTokenException(request.key(), "down", null))
					: Mono.fromSupplier(() -> token(request.key())));

	private final TokenWebSocketClient client = this.fixture.client(RejectionPolicy.standard());

	private TokenSet token(TokenKey key) {
		String subject = (key.subject() != null) ? "-" + key.subject() : "";
		return TokenSet.withAccessToken("t" + this.issued.incrementAndGet() + subject)
			.expiresIn(Duration.ofHours(1))
			.build();
	}

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		String authorization = request.requestHeaders().get(HttpHeaders.AUTHORIZATION, "none");
		this.shown.add(authorization);
		if (this.refused.contains(authorization) || this.refused.contains("all")) {
			return response.status(401).header(HttpHeaders.WWW_AUTHENTICATE, this.challenge).send();
		}
		return response.sendWebsocket((in, out) -> request.uri().endsWith("/held")
				? in.receive().then().doFinally((end) -> this.left.complete(null))
				: out.sendString(Mono.just(authorization)), protocols(request));
	}

	/**
	 * A server that has protocols does not serve clients that want none.
	 */
	private static WebsocketServerSpec protocols(HttpServerRequest request) {
		WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder();
		return request.requestHeaders().contains("Sec-WebSocket-Protocol") ? spec.protocols("changes").build()
				: spec.build();
	}

	@AfterEach
	void stop() {
		this.fixture.close();
	}

	private URI url(String path) {
		return this.fixture.url(path);
	}

	private @Nullable String open(TokenWebSocketClient client, String path, HttpHeaders headers) {
		AtomicReference<String> received = new AtomicReference<>();
		client.execute(url(path), headers,
				(session) -> session.receive().doOnNext((message) -> received.set(message.getPayloadAsText())).then())
			.block(LIMIT);
		return received.get();
	}

	private @Nullable String open() {
		return open(this.client, "/changes", new HttpHeaders());
	}

	@Test
	@Tag("WS-1")
	void handshakeThenGoesWithTheTokenThatAllHave() {
		assertThat(open()).isEqualTo("Bearer t1");
		assertThat(open()).isEqualTo("Bearer t1");
		assertThat(this.issued).hasValue(1);
	}

	@Test
	@Tag("WS-1")
	void handshakeWhenNoClientCoversItOrItIsAuthorizedThenIsLeftAsItIs() {
		HttpHeaders own = new HttpHeaders();
		own.setBearerAuth("own");
		assertThat(open(this.client, "/changes", own)).isEqualTo("Bearer own");
		assertThat(open(this.client, "/elsewhere", new HttpHeaders())).isEqualTo("none");
		assertThat(this.issued).hasValue(0);
	}

	@Test
	@Tag("WS-1")
	void handshakeWhenItSaysMoreOfItsTokenThenThatCounts() {
		TokenWebSocketClient named = this.client.attributes(TokenAttributes.client("inventory"))
			.attributes(TokenAttributes.subject("alice"));
		HttpHeaders headers = new HttpHeaders();
		headers.set("X-Mine", "1");
		assertThat(open(named, "/elsewhere", headers)).isEqualTo("Bearer t1-alice");
		assertThat(open()).isEqualTo("Bearer t2");
	}

	@Test
	@Tag("WS-2")
	void handshakeWhenItsTokenIsRefusedThenIsTriedOnceMoreWithTheNext() {
		assertThat(open()).isEqualTo("Bearer t1");
		this.refused.add("Bearer t1");
		assertThat(open()).isEqualTo("Bearer t2");
		assertThat(this.shown).containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
	}

	@Test
	@Tag("WS-2")
	void handshakeWhenTheSecondTokenIsRefusedTooThenFailsAsTheClientDoes() {
		this.refused.add("all");
		assertThatThrownBy(this::open).isInstanceOf(WebSocketClientHandshakeException.class);
		assertThat(this.shown).containsExactly("Bearer t1", "Bearer t2");
	}

	@Test
	@Tag("WS-2")
	void handshakesWhenAcceptedTokensAreRefusedLaterThenEachIsReplaced() {
		for (int i = 1; i <= 3; i++) {
			assertThat(open()).isEqualTo("Bearer t" + i);
			this.refused.add("Bearer t" + i);
		}
	}

	@Test
	@Tag("WS-2")
	void handshakeWhenTheScopeIsInsufficientThenFailsAndTheTokenStays() {
		this.challenge = "Bearer error=\"insufficient_scope\"";
		this.refused.add("all");
		assertThatThrownBy(this::open).isInstanceOf(WebSocketClientHandshakeException.class);
		assertThat(this.shown).containsExactly("Bearer t1");
	}

	@Test
	@Tag("WS-1")
	void handshakeWhenNoTokenCanBeHadThenThereIsNone() {
		this.down = true;
		assertThatThrownBy(this::open).isInstanceOf(TransientTokenException.class);
		assertThat(this.shown).isEmpty();
	}

	@Test
	@Tag("WS-3")
	void sessionThenHasTheProtocolsTheContextAndTheEndOfItsHandler() {
		CompletableFuture<String> seen = new CompletableFuture<>();
		Mono<Void> session = this.client.execute(url("/changes"), new WebSocketHandler() {

			@Override
			public List<String> getSubProtocols() {
				return List.of("changes");
			}

			@Override
			public Mono<Void> handle(WebSocketSession opened) {
				return Mono.deferContextual((context) -> {
					seen.complete(opened.getHandshakeInfo().getSubProtocol() + " " + context.get("caller"));
					return Mono.error(new IllegalStateException("planted"));
				});
			}

		});
		assertThatThrownBy(() -> session.contextWrite(Context.of("caller", "alice")).block(LIMIT))
			.isInstanceOf(IllegalStateException.class)
			.hasMessage("planted");
		assertThat(seen).isCompletedWithValue("changes alice");
		assertThat(this.shown).hasSize(1);
	}

	@Test
	@Tag("WS-3")
	void sessionWhenItsCallerGoesAwayThenIsClosed() {
		CompletableFuture<Void> opened = new CompletableFuture<>();
		Disposable session = this.client.execute(url("/changes/held"), (held) -> {
			opened.complete(null);
			return held.receive().then();
		}).subscribe();
		assertThat(opened).succeedsWithin(60, TimeUnit.SECONDS);
		session.dispose();
		Awaitility.await().until(this.left::isDone);
	}

	@Test
	@Tag("WS-3")
	void executeThenCanBeSubscribedAgain() {
		Mono<Void> session = this.client.execute(url("/changes"), WebSocketSession::close);
		session.block(LIMIT);
		session.block(LIMIT);
		assertThat(this.shown).containsExactly("Bearer t1", "Bearer t1");
	}

}
