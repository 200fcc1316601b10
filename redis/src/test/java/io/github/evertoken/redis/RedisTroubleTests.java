package io.github.evertoken.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.evertoken.TokenKey;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.StoredTokenSet;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisTokenStore} with a Redis that is away, slow, restarted, or at the
 * other end of a line that is dead.
 */
class RedisTroubleTests {

	/**
	 * As a client has it for its steps.
	 */
	private static final Duration STEP = Duration.ofMillis(500);

	/**
	 * A machine may have so much else to do that no step is made in its time.
	 */
	private static final Duration BUSY = Duration.ofMinutes(3);

	private final TokenKey key = TestTokens.newKey();

	private final TestRedis redis = TestRedis.start("--save", "", "--appendonly", "yes", "--appendfsync", "always");

	private final TestLine line = new TestLine(this.redis.port());

	private final LettuceConnectionFactory connectionFactory = TestRedis.connectionFactory(this.line.port());

	private final RedisTokenStore store = RedisTokenStore.builder(this.connectionFactory, TestKeys.ONE)
		.lease(Duration.ofHours(1))
		.build();

	@BeforeEach
	void save() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
	}

	@AfterEach
	void close() {
		this.connectionFactory.destroy();
		this.line.close();
		this.redis.close();
	}

	@Test
	@Tag("FL-16")
	void storeWhenItsConnectionsAreKilledThenGoesOnWithOthers() {
		RedisCommands<String, String> administrator = this.redis.commands();
		administrator.clientKill(KillArgs.Builder.typeNormal().skipme());
		assertGoesOn();
	}

	@Test
	@Tag("FL-16")
	void storeWhenTheLineIsCutThenFailsInTimeAndGoesOnWhenItIsMended() {
		this.line.cut();
		assertFailsInTime();
		this.line.mend();
		assertGoesOn();
	}

	@Test
	@Tag("FL-16")
	void storeWhenRedisSleepsThenFailsInTimeAndGoesOnWhenItIsAwake() {
		this.redis.pause();
		assertFailsInTime();
		this.redis.goOn();
		assertGoesOn();
	}

	@Test
	@Tag("FL-16")
	void storeWhenTheLineIsDeadThenFailsInTimeAndGoesOnWithAnotherConnection() {
		this.line.goDead();
		assertFailsInTime();
		assertGoesOn();
	}

	/**
	 * A step that fails when the dead connection is closed is followed by another one,
	 * made on the thread that closes it.
	 */
	@Test
	@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
	void storeWhenStepsFollowThoseThatADeadLineHasFailedThenGoesOnWithAnotherConnection() {
		LettuceConnectionFactory connections = TestRedis.connectionFactory(this.line.port());
		RedisTokenStore other = RedisTokenStore.builder(connections, TestKeys.ONE).build();
		await().atMost(BUSY).until(() -> !isTooSlow(other.load(this.key)));
		this.line.goDead();
		Disposable steps = Flux.interval(Duration.ofMillis(20))
			.onBackpressureDrop()
			.flatMap((number) -> other.load(this.key)
				.onErrorResume((ex) -> other.load(this.key))
				.timeout(STEP)
				.onErrorComplete(), 1000)
			.subscribe();
		await().atMost(BUSY).until(() -> !isTooSlow(other.load(this.key)));
		steps.dispose();
		connections.destroy();
	}

	@Test
	@Tag("FL-16")
	void storeWhenRedisIsKilledAndStartedAgainThenHasWhatItHad() {
		Lease lease = TestTokens.won(this.store, this.key, ClaimRequest.create().withKnownVersion(1)).lease();
		this.redis.kill();
		assertFailsInTime();
		this.redis.start();
		await().atMost(BUSY).until(() -> !isTooSlow(this.store.load(this.key)));
		assertThat(TestTokens.claim(this.store, this.key, ClaimRequest.create().withKnownVersion(1)))
			.isInstanceOf(Claim.Busy.class);
		assertThat(this.store.commit(lease, TestTokens.session("second")).block(TestTokens.LIMIT).isSaved()).isTrue();
		assertThat(TestTokens.accessToken(this.store, this.key)).isEqualTo("second");
	}

	/**
	 * Nobody is left to take the lease, and it is given back by its nonce, in the order
	 * in which both were sent.
	 */
	@Test
	@Tag("FL-16")
	void claimWhenItIsGivenUpAndThenMadeThenWhatWasSentAfterItGivesItBack() {
		this.redis.pause();
		ClaimRequest request = ClaimRequest.create().withKnownVersion(1);
		StepVerifier.create(this.store.claim(this.key, request).timeout(Duration.ofMillis(50)))
			.expectError(TimeoutException.class)
			.verify(BUSY);
		Mono<Void> release = this.store.release(Lease.unanswered(this.key, request)).cache();
		release.subscribe();
		this.redis.goOn();
		release.block(TestTokens.LIMIT);
		assertThat(TestTokens.claim(this.store, this.key, ClaimRequest.create().withKnownVersion(1)))
			.isInstanceOf(Claim.Won.class);
	}

	private void assertFailsInTime() {
		assertThat(isTooSlow(this.store.load(this.key))).isTrue();
	}

	private void assertGoesOn() {
		await().atMost(BUSY).until(() -> !isTooSlow(this.store.load(this.key)));
		StoredTokenSet stored = TestTokens.load(this.store, this.key);
		assertThat(TestTokens.save(this.store, this.key, stored.version(), TestTokens.session("after")))
			.isGreaterThan(stored.version());
	}

	/**
	 * Look whether a step fails, in the time that it has.
	 */
	private static boolean isTooSlow(Mono<?> step) {
		return Boolean.TRUE.equals(step.timeout(STEP).thenReturn(false).onErrorReturn(true).block(BUSY));
	}

}
