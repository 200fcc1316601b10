package io.github.evertoken.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.TokenKey;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.StoreChange;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the changes that a {@link RedisTokenStore} tells.
 */
class RedisChangesTests {

	private final TokenKey key = TestTokens.newKey();

	private final TestRedis redis = TestRedis.start("--save", "");

	private final TestLine line = new TestLine(this.redis.port());

	private final LettuceConnectionFactory connectionFactory = TestRedis.connectionFactory(this.line.port());

	private final RedisTokenStore store = RedisTokenStore.builder(this.connectionFactory, TestKeys.ONE).build();

	@AfterEach
	void close() {
		this.connectionFactory.destroy();
		this.line.close();
		this.redis.close();
	}

	@Test
	@Tag("FL-17")
	void changesWhenAnotherReplicaChangesARecordThenTellItsKeyAndNotOnesOwn() {
		LettuceConnectionFactory other = this.redis.connectionFactory();
		RedisTokenStore replica = RedisTokenStore.builder(other, TestKeys.ONE).build();
		List<StoreChange> seen = new CopyOnWriteArrayList<>();
		Disposable listening = this.store.changes().subscribe(seen::add);
		awaitListener();
		TestTokens.save(this.store, this.key, 0, TestTokens.session("own"));
		TestTokens.save(replica, TestTokens.newKey(), 0, TestTokens.session("of-nobody"));
		TestTokens.save(replica, this.key, 1, TestTokens.session("of-another"));
		await().untilAsserted(() -> assertThat(seen).containsExactly(StoreChange.of(this.key)));
		listening.dispose();
		other.destroy();
	}

	@Test
	@Tag("FL-17")
	void changesWhenAnotherReplicaMerelyRenewsThenSayThat() {
		LettuceConnectionFactory other = this.redis.connectionFactory();
		RedisTokenStore replica = RedisTokenStore.builder(other, TestKeys.ONE).build();
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		List<StoreChange> seen = new CopyOnWriteArrayList<>();
		Disposable listening = this.store.changes().subscribe(seen::add);
		awaitListener();
		renew(replica, ClaimRequest.create().withKnownVersion(1).renewing(), "renewed");
		renew(replica, ClaimRequest.create().withKnownVersion(2).renewing().withRejectedVersion(2), "replaced");
		await().untilAsserted(
				() -> assertThat(seen).containsExactly(StoreChange.renewal(this.key), StoreChange.of(this.key)));
		listening.dispose();
		other.destroy();
	}

	private void renew(RedisTokenStore replica, ClaimRequest request, String name) {
		Claim.Won won = (Claim.Won) Objects
			.requireNonNull(replica.claim(this.key, request).block(Duration.ofMinutes(1)));
		replica.commit(won.lease(), TestTokens.session(name)).block(Duration.ofMinutes(1));
	}

	@Test
	@Tag("FL-17")
	void changesWhenTheConnectionWasLostThenEndThoughTheDriverHasMadeAnother() {
		Mono<Void> end = this.store.changes().then().cache();
		Disposable listening = end.subscribe();
		awaitListener();
		this.redis.commands().clientKill(KillArgs.Builder.typePubsub());
		StepVerifier.create(end).expectComplete().verify(Duration.ofMinutes(3));
		listening.dispose();
	}

	@Test
	@Tag("FL-17")
	void changesWhenTheLineIsDeadThenEnd() {
		AtomicBoolean dead = new AtomicBoolean();
		Retry untilThen = Retry.indefinitely().filter((ex) -> !dead.get());
		StepVerifier.create(listener(Duration.ofSeconds(1)).changes().retryWhen(untilThen)).then(() -> {
			awaitListener();
			dead.set(true);
			this.line.goDead();
		}).expectError(TimeoutException.class).verify(Duration.ofMinutes(3));
	}

	/**
	 * On a machine that stands still no answer comes in time, as on a line that is dead.
	 */
	@Test
	@Tag("FL-17")
	void changesWhenNothingChangesThenGoOn() {
		RedisTokenStore listener = listener(Duration.ofSeconds(2));
		await().until(() -> listener.changes()
			.then(Mono.just(false))
			.onErrorReturn(TimeoutException.class, false)
			.timeout(Duration.ofSeconds(6), Mono.just(true))
			.block(Duration.ofMinutes(1)));
	}

	private RedisTokenStore listener(Duration pulse) {
		return RedisTokenStore.builder(this.connectionFactory, TestKeys.ONE).pulse(pulse).build();
	}

	private void awaitListener() {
		RedisCommands<String, String> administrator = this.redis.commands();
		await().until(() -> administrator.pubsubNumsub("evertoken:changes").get("evertoken:changes") == 1);
	}

}
