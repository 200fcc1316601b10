package io.github.evertoken.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests what becomes of replicas while one version of this library replaces another whose
 * records it does not know: those of the older one are in this process, and that of the
 * newer one is in another.
 */
class TwoVersionsTests {

	static final String CLIENT = "inventory";

	static final Duration LEASE = Duration.ofMinutes(2);

	/**
	 * So that no step fails because the machine has other things to do.
	 */
	static final Duration STORE_TIMEOUT = Duration.ofSeconds(20);

	private static final TokenKey SERVICE = TokenKey.of(CLIENT);

	private static final TokenKey ALICE = TokenKey.of(CLIENT, "alice");

	private final TestRedis redis = TestRedis.start("--save", "");

	private final LettuceConnectionFactory connectionFactory = this.redis.connectionFactory();

	private final RedisCommands<String, String> administrator = this.redis.commands();

	private final AtomicInteger refreshes = new AtomicInteger();

	private final AtomicInteger failedSteps = new AtomicInteger();

	private volatile Duration passed = Duration.ZERO;

	private final DefaultTokenManager older = older();

	private final NextVersion newer = NextVersion.start(this.redis);

	@AfterEach
	void close() {
		this.newer.close();
		this.older.close();
		this.connectionFactory.destroy();
		this.redis.close();
	}

	@Test
	@Tag("FL-18")
	void sessionWhenANewerVersionHasRenewedItThenTheOlderOneServesItsTokenToItsEndAndFailsAsTransient() {
		this.older.put(ALICE, TestTokens.session("first")).block(TestTokens.LIMIT);
		assertThat(token(this.older, ALICE)).isEqualTo("first");
		assertThat(this.newer.token(ALICE)).as("what the newer version reads of the older one").isEqualTo("first");
		assertThat(this.newer.renew(ALICE)).as("what it makes of that").isEqualTo("of-the-next-with-refresh-first");
		Map<String, String> written = record();
		assertThat(written).containsEntry("f", String.valueOf(NextVersion.FORMAT));
		await().untilAsserted(() -> assertThat(this.failedSteps).hasPositiveValue());
		assertThat(token(this.older, ALICE)).isEqualTo("first");
		this.passed = Duration.ofSeconds(240);
		assertThat(token(this.older, ALICE)).isEqualTo("first");
		this.passed = Duration.ofSeconds(310);
		assertFailsAsTransient(this.older);
		assertThat(this.refreshes).hasValue(0);
		assertThat(record()).isEqualTo(written);
		assertThat(this.newer.token(ALICE)).isEqualTo("of-the-next-with-refresh-first");
	}

	/**
	 * As when a deployment is rolled back.
	 */
	@Test
	@Tag("FL-18")
	void startWhenARecordIsOfANewerVersionThenTheOlderOneFailsAsTransientAndGrantsItselfWhatItCan() {
		this.older.put(ALICE, TestTokens.session("first")).block(TestTokens.LIMIT);
		this.newer.renew(ALICE);
		assertThat(this.newer.token(SERVICE)).isEqualTo("of-the-next");
		Map<String, String> written = record();
		try (DefaultTokenManager back = older()) {
			assertFailsAsTransient(back);
			assertThat(token(back, SERVICE)).isEqualTo("of-its-own");
		}
		assertThat(this.refreshes).hasValue(0);
		assertThat(record()).isEqualTo(written);
		assertThat(this.newer.token(SERVICE)).isEqualTo("of-the-next");
	}

	private DefaultTokenManager older() {
		return DefaultTokenManager.builder()
			.clock(() -> Instant.now().plus(this.passed), () -> System.nanoTime() + this.passed.toNanos())
			.store(RedisTokenStore.builder(this.connectionFactory, TestKeys.ONE).lease(LEASE).build())
			.observer(new TokenObserver() {

				@Override
				public void storeStepEnded(String client, StoreOperation operation, Duration took,
						StoreOutcome outcome) {
					if (outcome == StoreOutcome.FAILURE) {
						TwoVersionsTests.this.failedSteps.incrementAndGet();
					}
				}

			})
			.client(ClientSettings.of(CLIENT, (request) -> Mono.fromSupplier(() -> issue(request)))
				.storeTimeout(STORE_TIMEOUT)
				.maxWait(Duration.ofSeconds(2))
				.build())
			.build();
	}

	/**
	 * A user's token comes of a login alone, and the first refresh token is used up.
	 */
	private TokenSet issue(TokenRequest request) {
		if (request.key().subject() == null) {
			return TestTokens.tokens("of-its-own").build();
		}
		if (request.refreshToken() != null) {
			this.refreshes.incrementAndGet();
		}
		throw new ReauthenticationRequiredException(ALICE, "Nobody has logged in", "invalid_grant", null, null);
	}

	/**
	 * A machine that stands still lets the time pass in which a token is waited for.
	 */
	private static String token(DefaultTokenManager manager, TokenKey key) {
		return manager.token(key)
			.retryWhen(Retry.fixedDelay(20, Duration.ofSeconds(1)).filter(TransientTokenException.class::isInstance))
			.block(TestTokens.LIMIT)
			.value();
	}

	private static void assertFailsAsTransient(DefaultTokenManager manager) {
		StepVerifier.create(manager.token(ALICE))
			.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(TransientTokenException.class))
			.verify(TestTokens.LIMIT);
	}

	/**
	 * Return all that Redis has of alice's record.
	 */
	private Map<String, String> record() {
		String name = new RecordNames(TestKeys.ONE, "evertoken", (key) -> RecordScope.none()).of(ALICE).redisKey();
		return this.administrator.hgetall(name);
	}

}
