package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.support.LogLines;
import io.github.evertoken.web.Explanation.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link UncoveredExchange} and {@link LastRequests}, through the filter.
 */
class UncoveredExchangeTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String LOGGER = RequestExplainer.class.getName();

	private HttpStatus status = HttpStatus.UNAUTHORIZED;

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings
			.of("inventory",
					(request) -> Mono.just(TokenSet.withAccessToken("first").expiresIn(Duration.ofHours(1)).build()))
			.build())
		.client(ClientSettings.of("circular", (request) -> tokenCall()).maxWait(TIMEOUT).build())
		.build();

	private final TokenExchangeFilterFunction filter = new TokenExchangeFilterFunction(this.manager,
			ClientSelector.builder()
				.add(BaseUrl.of("https://inventory.internal/api"), "inventory")
				.add(BaseUrl.of("https://circular.internal/api"), "circular")
				.build());

	@AfterEach
	void close() {
		this.manager.close();
	}

	/**
	 * The call of a {@code TokenIssuer} of one's own, made with a {@code WebClient} that
	 * has the filter.
	 */
	private Mono<TokenSet> tokenCall() {
		return send("https://circular.internal/token", (request) -> {
		}).thenReturn(TokenSet.withAccessToken("first").build());
	}

	private Mono<ClientResponse> send(String url, Consumer<ClientRequest.Builder> customizer) {
		ClientRequest.Builder request = ClientRequest.create(HttpMethod.GET, URI.create(url));
		customizer.accept(request);
		return this.filter.filter(request.build(), (any) -> Mono.just(ClientResponse.create(this.status).build()));
	}

	private void get(String url) {
		send(url, (request) -> {
		}).block(TIMEOUT);
	}

	private List<RequestWithoutToken> last() {
		return this.filter.explainer().requestsWithoutToken();
	}

	@Test
	@Tag("OB-42")
	void exchangeWhenANearMissIsAnswered401ThenWarnsOnceForTheOrigin() {
		try (LogLines log = new LogLines(LOGGER)) {
			get("http://inventory.internal/api/items?key=planted");
			get("http://inventory.internal/api/others");
			get("https://inventory.internal/apis");
			assertThat(log.with("")).hasSize(2)
				.first()
				.asString()
				.startsWith("WARN GET http://inventory.internal:80/api/items carries no token")
				.contains("the scheme is http and not https")
				.contains("The answer was 401")
				.contains("evertoken.clients.inventory.origins")
				.contains("once for http://inventory.internal:80")
				.doesNotContain("planted");
		}
	}

	@Test
	@Tag("OB-42")
	void exchangeWhenItIsAnsweredOtherwiseOrIsFarOrHasAnAuthorizationThenDoesNotWarn() {
		try (LogLines log = new LogLines(LOGGER)) {
			get("https://elsewhere.example/api");
			send("http://inventory.internal/api", (request) -> request.header("Authorization", "Basic own"))
				.block(TIMEOUT);
			send("http://inventory.internal/api", (request) -> request.attributes(TokenAttributes.noToken()))
				.block(TIMEOUT);
			this.status = HttpStatus.FORBIDDEN;
			get("http://inventory.internal/api");
			this.status = HttpStatus.OK;
			get("http://inventory.internal/api");
			assertThat(log.with("")).isEmpty();
			this.status = HttpStatus.UNAUTHORIZED;
			get("http://inventory.internal/api");
			assertThat(log.with("")).hasSize(1);
		}
	}

	/**
	 * A 401 of the token endpoint is about the client, and not about a token.
	 */
	@Test
	@Tag("OB-42")
	void exchangeWhenItIsTheCallForTheTokenThenDoesNotWarn() {
		try (LogLines log = new LogLines(LOGGER)) {
			this.manager.token(TokenKey.of("circular")).block(TIMEOUT);
			assertThat(last()).singleElement().satisfies((request) -> assertThat(request.status()).isEqualTo(401));
			assertThat(log.with("")).isEmpty();
			get("https://circular.internal/token");
			assertThat(log.with("")).hasSize(1);
		}
	}

	@Test
	@Tag("OB-42")
	void exchangeWhenThereAreVeryManyNearMissesThenWarnsOfSome() {
		try (LogLines log = new LogLines(LOGGER)) {
			for (int port = 1; port <= 300; port++) {
				get("https://inventory.internal:" + (1000 + port) + "/api");
			}
			assertThat(log.with("")).hasSize(UncoveredExchange.MOST_WARNINGS);
		}
	}

	@Test
	@Tag("OB-43")
	void requestsThenAreTheLastFiftyTheLastOneFirst() {
		Instant before = Instant.now();
		this.status = HttpStatus.OK;
		for (int i = 0; i < 120; i++) {
			get("https://elsewhere.example/items/" + i + "?key=planted");
		}
		assertThat(last()).hasSize(50);
		assertThat(last().get(0).explanation().url()).isEqualTo("https://elsewhere.example:443/items/119");
		assertThat(last().get(49).explanation().url()).isEqualTo("https://elsewhere.example:443/items/70");
		assertThat(last()).allSatisfy((request) -> {
			assertThat(request.status()).isEqualTo(200);
			assertThat(request.at()).isBetween(before, Instant.now());
			assertThat(request.explanation().reason()).isEqualTo(Reason.NO_CLIENT);
			assertThat(request.toString()).doesNotContain("planted");
		});
	}

	@Test
	@Tag("OB-43")
	void requestsThenTellWhyEachHadNoToken() {
		get("http://inventory.internal/api");
		send("https://inventory.internal/api", (request) -> request.header("Authorization", "Basic planted"))
			.block(TIMEOUT);
		send("https://inventory.internal/api", (request) -> request.attributes(TokenAttributes.noToken()))
			.block(TIMEOUT);
		Mono<ClientResponse> failing = this.filter.filter(
				ClientRequest.create(HttpMethod.PUT, URI.create("https://elsewhere.example")).build(),
				(any) -> Mono.error(new IllegalStateException("planted")));
		assertThatIllegalStateException().isThrownBy(() -> failing.block(TIMEOUT));
		assertThat(last()).extracting((request) -> request.explanation().reason())
			.containsExactly(Reason.NO_CLIENT, Reason.NO_TOKEN_WANTED, Reason.AUTHORIZATION_SET, Reason.NO_CLIENT);
		assertThat(last()).extracting(RequestWithoutToken::status).containsExactly(null, 401, 401, 401);
		assertThat(last().get(0).explanation().method()).isEqualTo("PUT");
		assertThat(last().get(2).explanation().client()).isEqualTo("inventory");
		assertThat(last().get(3).explanation().nearestClient()).isEqualTo("inventory");
		assertThat(last().toString()).doesNotContain("planted");
	}

	@Test
	@Tag("OB-43")
	void requestsWhenManyThreadsSendThenEachSlotIsOneOfTheirs() throws InterruptedException {
		this.status = HttpStatus.OK;
		ExecutorService threads = Executors.newFixedThreadPool(4);
		CountDownLatch done = new CountDownLatch(4);
		for (int thread = 0; thread < 4; thread++) {
			String prefix = "https://elsewhere.example/" + thread + "/";
			threads.execute(() -> {
				for (int i = 0; i < 1000; i++) {
					get(prefix + i);
				}
				done.countDown();
			});
		}
		assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		threads.shutdown();
		Set<String> urls = new HashSet<>();
		last().forEach((request) -> urls.add(request.explanation().url()));
		assertThat(urls).hasSize(50);
	}

	@Test
	@Tag("OB-41")
	void exchangeWhenDebugIsOnThenTellsTheDecisionUponEachRequest() {
		try (LogLines log = new LogLines(LOGGER, Level.DEBUG)) {
			this.status = HttpStatus.OK;
			get("https://inventory.internal/api/items?key=planted");
			get("https://elsewhere.example/?key=planted");
			send("https://inventory.internal/api", (request) -> request.attributes(TokenAttributes.noToken()))
				.block(TIMEOUT);
			send("https://inventory.internal/api", (request) -> request.header("Authorization", "planted"))
				.block(TIMEOUT);
			assertThat(log.with("planted")).isEmpty();
			assertThat(log.with("")).hasSize(4);
			assertThat(log.with("GET https://inventory.internal:443/api/items carries a token of client 'inventory'"))
				.hasSize(1);
			assertThat(log.with("GET https://elsewhere.example:443/ carries no token: no client covers it. Nearest is"))
				.hasSize(1);
			assertThat(log.with("noToken()")).hasSize(1);
			assertThat(log.with("which is left alone")).hasSize(1);
		}
	}

	@Test
	@Tag("OB-45")
	void requestWhenItHasAUsableTokenThenNothingIsNotedOfIt() {
		this.status = HttpStatus.OK;
		try (LogLines log = new LogLines(LOGGER, Level.INFO)) {
			get("https://inventory.internal/api/items");
			get("https://inventory.internal/api/items");
			assertThat(last()).isEmpty();
			assertThat(log.with("")).isEmpty();
		}
	}

}
