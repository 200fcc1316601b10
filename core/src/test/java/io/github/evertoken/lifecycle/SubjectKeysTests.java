package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.store.UnversionedTokenStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the keys of subjects, which are many and do not stay.
 */
class SubjectKeysTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final ScriptedIssuer issuer = new ScriptedIssuer();

	private TokenStore store = TokenStore.inMemory();

	private DefaultTokenManager manager = manager((settings) -> settings.maximumSubjects(1));

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@Test
	@Tag("SF-1")
	void tokenWhenKeyWasEvictedDuringItsFlightThenJoinsTheFlight() {
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> first = caller(ALICE);
		evictAll();
		TestSubscriber<AccessToken> second = caller(ALICE);
		evictAll();
		answer.tryEmitValue(this.issuer.nextToken().build());
		assertThat(valueOf(first)).isEqualTo("t1");
		assertThat(valueOf(second)).isEqualTo("t1");
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("FP-5")
	void landingWhenKeyWasEvictedDuringItsFlightThenItsTokenSetIsKept() {
		put(ALICE, TokenSet.withRefreshToken("r1").build());
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		evictAll();
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(token(ALICE)).isEqualTo("t1");
		advance(ScriptedIssuer.LIFETIME);
		assertThat(token(ALICE)).isEqualTo("t2");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", "r2");
	}

	@Test
	@Tag("SF-1")
	@Tag("FP-2")
	void failureWhenKeyWasEvictedDuringItsFlightThenCooldownIsKept() {
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		evictAll();
		answer.tryEmitError(new IOException("down"));
		assertThat(errorOf(caller(ALICE))).isInstanceOf(TransientTokenException.class);
		assertThat(this.issuer.calls()).isEqualTo(1);
		assertThat(client().size()).isEqualTo(1);
	}

	@Test
	void tokenWhenKeyWasEvictedThenItsRefreshTokenIsGone() {
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r1").build());
		evictAll();
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsOnlyNulls();
	}

	@Test
	@Tag("FP-5")
	void tokenWhenKeyWasEvictedThenTheStoreIsAskedForItsRefreshToken() {
		Map<TokenKey, TokenSet> kept = new ConcurrentHashMap<>();
		this.store = new MapStore(kept).versioned();
		this.manager = manager((settings) -> settings.maximumSubjects(1));
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r1").expiresIn(Duration.ofSeconds(1)).build());
		evictAll();
		advance(Duration.ofSeconds(1));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1");
		evictAll();
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	void lifecycleWhenItsKeyWasEvictedThenLeadsOnToTheNextOne() {
		put(ALICE, TokenSet.withAccessToken("old").build());
		TokenLifecycle stale = this.manager.lifecycle(ALICE);
		HeldToken old = stale.usable();
		assertThat(old).isNotNull();
		evictAll();
		put(ALICE, TokenSet.withAccessToken("new").build());
		assertThat(this.manager.lifecycle(ALICE)).isNotSameAs(stale);
		assertThat(stale.usable()).isNull();
		assertThat(stale.reject(old)).isTrue();
		assertThat(stale.token().block().accessToken().value()).isEqualTo("new");
		new Commands(stale).put(TokenSet.withAccessToken("newer").build()).block();
		assertThat(token(ALICE)).isEqualTo("newer");
		new Commands(stale).remove().block();
		assertThat(token(ALICE)).isEqualTo("t1");
	}

	@Test
	void tokenWhenSubjectIsIdleForTooLongThenItsKeyIsForgotten() {
		use((settings) -> settings.subjectExpireAfterIdle(Duration.ofMinutes(1)));
		put(ALICE, TokenSet.withAccessToken("login").expiresIn(Duration.ofHours(1)).build());
		for (int i = 0; i < 10; i++) {
			advance(Duration.ofSeconds(59));
			assertThat(token(ALICE)).isEqualTo("login");
		}
		advance(Duration.ofSeconds(60));
		assertThat(token(ALICE)).isEqualTo("t1");
	}

	@Test
	@Tag("SF-1")
	void tokenWhenFlightTakesLongerThanTheIdleTimeThenJoinsTheFlight() {
		use((settings) -> settings.subjectExpireAfterIdle(Duration.ofSeconds(1)));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> first = caller(ALICE);
		advance(Duration.ofSeconds(2));
		TestSubscriber<AccessToken> second = caller(ALICE);
		answer.tryEmitValue(this.issuer.nextToken().build());
		assertThat(List.of(valueOf(first), valueOf(second))).containsOnly("t1");
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	void tokenWhenItIsTheServicesOwnThenIsNeverForgotten() {
		put(SERVICE, TokenSet.withAccessToken("own").expiresIn(Duration.ofDays(100)).build());
		evictAll();
		advance(Duration.ofDays(50));
		assertThat(token(SERVICE)).isEqualTo("own");
	}

	@Test
	@Tag("RN-1")
	@Tag("RN-3")
	void renewalWhenKeyIsASubjectsThenHasNoTimerAndStartsWithItsUse() {
		assertThat(token(ALICE)).isEqualTo("t1");
		put(ALICE, this.issuer.nextToken().build());
		advance(Duration.ofSeconds(99));
		assertThat(this.issuer.calls()).isEqualTo(1);
		Sinks.One<TokenSet> answer = answerLater();
		assertThat(token(ALICE)).isEqualTo("t2");
		assertThat(this.issuer.calls()).isEqualTo(2);
		assertThat(token(ALICE)).isEqualTo("t2");
		answer.tryEmitValue(this.issuer.nextToken().build());
		assertThat(token(ALICE)).isEqualTo("t3");
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	@Tag("RN-5")
	void leaseWhenItsKeyIsEvictedThenTheTokenIsRenewedAllTheSame() {
		put(ALICE, this.issuer.nextToken().refreshToken("r1").build());
		Sinks.Empty<String> work = Sinks.empty();
		this.manager.lease(ALICE, Duration.ofSeconds(300), LeasePolicy.WARN, work.asMono()).subscribe();
		evictAll();
		advance(Duration.ofSeconds(81));
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).contains("r1");
		int calls = this.issuer.calls();
		assertThat(token(ALICE)).isNotEqualTo("t1");
		work.tryEmitEmpty();
		assertThat(client().size()).isEqualTo(1);
		advance(Duration.ofSeconds(1000));
		assertThat(this.issuer.calls()).isEqualTo(calls);
	}

	@Test
	@Tag("RN-6")
	void closeWhenFlightsAreUnderwayThenAllCallersFailThoseOfEvictedKeysToo() {
		List<TestSubscriber<AccessToken>> callers = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			this.issuer.then(Mono.never());
			callers.add(caller(TokenKey.of("inventory", "user" + i)));
		}
		this.manager.close();
		assertThat(callers).allSatisfy((caller) -> assertThat(errorOf(caller)).hasMessageContaining("closed"));
		assertThat(errorOf(caller(ALICE))).hasMessageContaining("closed");
		assertThat(this.manager.lifecycle(ALICE)
			.reject(new HeldToken("Bearer", "t", Instant.EPOCH, Instant.EPOCH, 1, 0, 0))).isFalse();
	}

	@Test
	@Tag("slow")
	void putWhenThereAreTwentyTimesAsManySubjectsThenTenThousandAreKept() {
		use((settings) -> {
		});
		TokenSet tokens = TokenSet.withAccessToken("token").build();
		long largest = 0;
		for (int i = 0; i < 200_000; i++) {
			this.manager.put(TokenKey.of("inventory", "user" + i), tokens).subscribe();
			if (i % 50_000 == 0) {
				largest = Math.max(largest, client().size());
			}
		}
		assertThat(largest).isEqualTo(10_000);
		assertThat(client().size()).isEqualTo(10_000);
	}

	@Tag("race")
	@ParameterizedTest
	@ValueSource(longs = { 20261, 20262, 20263 })
	@Tag("SF-1")
	@Tag("SF-6")
	void tokenWhenEvictionsFlightsAndCallersRaceThenOneCallForAKeyAtATimeAndEveryCallerIsAnswered(long seed) {
		OneAtATime issuer = new OneAtATime();
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer).maximumSubjects(3).build())
			.build()) {
			List<Signal<AccessToken>> answers = Flux.range(0, 4)
				.flatMap((thread) -> story(manager, new Random(seed + thread)).subscribeOn(Schedulers.boundedElastic()))
				.collectList()
				.block(Duration.ofMinutes(1));
			assertThat(answers).hasSize(4 * 2000).allSatisfy((answer) -> assertThat(answer.getThrowable()).isNull());
			assertThat(issuer.atOnce).hasValue(0);
			assertThat(manager.lifecycle(SERVICE).client().size()).isLessThanOrEqualTo(3);
		}
	}

	/**
	 * Every caller asks for one of a few subjects, of which fewer are kept.
	 */
	private static Flux<Signal<AccessToken>> story(DefaultTokenManager manager, Random random) {
		return Flux.range(0, 2000).flatMap((i) -> {
			TokenKey key = TokenKey.of("inventory", "user" + random.nextInt(12));
			TokenKey other = TokenKey.of("inventory", "other" + random.nextInt(100));
			Mono<Void> eviction = manager.put(other, TokenSet.withAccessToken("t").build());
			return (random.nextBoolean() ? eviction : Mono.<Void>empty()).then(manager.token(key))
				.timeout(Duration.ofSeconds(30))
				.materialize();
		}, 16);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  " })
	void keyWhenSubjectIsEmptyThenIsRefused(String subject) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.of("inventory", subject))
			.withMessageContaining("subject")
			.withMessageContaining("must not be empty");
	}

	@Test
	void keyWhenSubjectIsLongerThanAKibibyteThenIsRefused() {
		assertThat(TokenKey.of("inventory", "a".repeat(1024)).subject()).hasSize(1024);
		assertThat(TokenKey.of("inventory", "é".repeat(512)).subject()).hasSize(512);
		for (String subject : List.of("a".repeat(1025), "é".repeat(513), "€".repeat(342))) {
			assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.of("inventory", subject))
				.withMessageContaining("1024 bytes")
				.withMessageNotContaining(subject);
		}
	}

	private DefaultTokenManager manager(Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", this.issuer).patience(Duration.ZERO);
		customizer.accept(settings);
		return DefaultTokenManager.builder()
			.virtualTime(this.time)
			.store(this.store)
			.random(() -> 0.5)
			.client(settings.build())
			.build();
	}

	private void use(Consumer<ClientSettings.Builder> customizer) {
		this.manager.close();
		this.manager = manager(customizer);
	}

	private ManagedClient client() {
		return this.manager.lifecycle(SERVICE).client();
	}

	/**
	 * So many others come that none of those who were there can stay.
	 */
	private void evictAll() {
		List<TokenLifecycle> others = IntStream.range(0, 10)
			.mapToObj((i) -> TokenKey.of("inventory", "other" + i))
			.map(this.manager::lifecycle)
			.toList();
		assertThat(others).hasSize(10);
		client().size();
	}

	private Sinks.One<TokenSet> answerLater() {
		Sinks.One<TokenSet> answer = Sinks.one();
		this.issuer.then(answer.asMono());
		return answer;
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private TestSubscriber<AccessToken> caller(TokenKey key) {
		TestSubscriber<AccessToken> caller = TestSubscriber.create();
		this.manager.token(key).subscribe(caller);
		advance(Duration.ZERO);
		return caller;
	}

	private String token(TokenKey key) {
		return valueOf(caller(key));
	}

	private void put(TokenKey key, TokenSet tokens) {
		TestSubscriber<Void> done = TestSubscriber.create();
		this.manager.put(key, tokens).subscribe(done);
		assertThat(done.isTerminatedComplete()).isTrue();
	}

	private static String valueOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminated()).as("terminated").isTrue();
		assertThat(caller.expectTerminalSignal().getThrowable()).isNull();
		return caller.getReceivedOnNext().get(0).value();
	}

	private static Throwable errorOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminatedError()).as("failed").isTrue();
		return caller.expectTerminalError();
	}

	/**
	 * Takes its time, and counts the calls that come while another one for their key is
	 * running.
	 */
	private static final class OneAtATime implements TokenIssuer {

		private final Map<TokenKey, AtomicInteger> running = new ConcurrentHashMap<>();

		private final AtomicInteger atOnce = new AtomicInteger();

		@Override
		public Mono<TokenSet> issue(TokenRequest request) {
			AtomicInteger running = this.running.computeIfAbsent(request.key(), (key) -> new AtomicInteger());
			if (running.incrementAndGet() > 1) {
				this.atOnce.incrementAndGet();
			}
			return Mono.delay(Duration.ofMillis(1)).map((tick) -> {
				running.decrementAndGet();
				return TokenSet.withAccessToken("t").build();
			});
		}

	}

	private record MapStore(Map<TokenKey, TokenSet> kept) implements UnversionedTokenStore {

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.justOrEmpty(this.kept.get(key));
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.fromRunnable(() -> this.kept.put(key, tokenSet));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.fromRunnable(() -> this.kept.remove(key));
		}

	}

}
