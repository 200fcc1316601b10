package io.github.evertoken.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.store.StoreChange;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisTokenStore} in a cluster, and with a replica that takes over.
 */
@Tag("FL-14")
class RedisTopologyTests {

	/**
	 * On a machine that is busy, Sentinel does nothing for half a minute.
	 */
	private static final Duration LIMIT = Duration.ofMinutes(3);

	private static final int NODES = 3;

	private static final int SLOTS = SlotHash.SLOT_COUNT;

	@Test
	void storeWhenRedisIsAClusterThenAllStepsAreMadeAndChangesAreHeardFromAllNodes() {
		List<TestRedis> nodes = IntStream.range(0, NODES)
			.mapToObj((i) -> TestRedis.start("--save", "", "--cluster-enabled", "yes", "--cluster-config-file",
					"nodes.conf", "--cluster-node-timeout", "15000"))
			.toList();
		LettuceConnectionFactory factory = null;
		try {
			join(nodes);
			factory = connected(new LettuceConnectionFactory(
					new RedisClusterConfiguration(nodes.stream().map((node) -> "127.0.0.1:" + node.port()).toList())));
			RedisTokenStore store = RedisTokenStore.builder(factory, TestKeys.ONE).build();
			RedisTokenStore replica = RedisTokenStore.builder(factory, TestKeys.ONE).build();
			List<TokenKey> changed = new CopyOnWriteArrayList<>();
			Disposable listening = store.changes().retry().map(StoreChange::key).subscribe(changed::add);
			await().atMost(LIMIT)
				.until(() -> nodes.stream()
					.anyMatch(
							(node) -> node.commands().pubsubNumsub("evertoken:changes").get("evertoken:changes") == 1));
			// So many that each node has some of them.
			List<TokenKey> keys = Stream.generate(TestTokens::newKey).limit(60).toList();
			keys.forEach((key) -> go(store, replica, key));
			assertThat(nodes).allSatisfy((node) -> assertThat(node.commands().dbsize()).isPositive());
			await().atMost(LIMIT).untilAsserted(() -> assertThat(Set.copyOf(changed)).isEqualTo(Set.copyOf(keys)));
			listening.dispose();
		}
		finally {
			if (factory != null) {
				factory.destroy();
			}
			nodes.forEach(TestRedis::close);
		}
	}

	/**
	 * Each node has a third of the slots.
	 */
	private static void join(List<TestRedis> nodes) {
		for (int i = 0; i < NODES; i++) {
			if (i > 0) {
				nodes.get(0).commands().clusterMeet("127.0.0.1", nodes.get(i).port());
			}
			nodes.get(i)
				.commands()
				.clusterAddSlots(IntStream.range(i * SLOTS / NODES, (i + 1) * SLOTS / NODES).toArray());
		}
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(nodes).allSatisfy((node) -> assertThat(node.commands().clusterInfo())
				.contains("cluster_state:ok", "cluster_known_nodes:" + NODES)));
	}

	private static void go(RedisTokenStore store, RedisTokenStore replica, TokenKey key) {
		assertThat(TestTokens.load(store, key)).isNull();
		Lease lease = TestTokens.won(replica, key).lease();
		assertThat(TestTokens.claim(store, key, ClaimRequest.create())).isInstanceOf(Claim.Busy.class);
		assertThat(replica.commit(lease, TestTokens.session("first")).block(TestTokens.LIMIT).isSaved()).isTrue();
		assertThat(TestTokens.claim(store, key, ClaimRequest.create())).isInstanceOf(Claim.Fresh.class);
		assertThat(replica.remove(key).block(TestTokens.LIMIT)).isEqualTo(2);
		assertThat(TestTokens.load(store, key).tokenSet()).isNull();
	}

	@Test
	void storeWhenSentinelLetsAReplicaTakeOverThenGoesOnThere() {
		TestRedis master = TestRedis.start("--save", "", "--repl-diskless-sync-delay", "0");
		TestRedis replica = TestRedis.start("--save", "", "--replicaof", "127.0.0.1 " + master.port());
		TestRedis sentinel = TestRedis.startConfigured("""
				sentinel monitor evertoken 127.0.0.1 %d 1
				sentinel down-after-milliseconds evertoken 500
				sentinel failover-timeout evertoken 3000
				""".formatted(master.port()), "--sentinel");
		LettuceConnectionFactory factory = connected(new LettuceConnectionFactory(
				new RedisSentinelConfiguration("evertoken", Set.of("127.0.0.1:" + sentinel.port()))));
		try {
			RedisTokenStore store = RedisTokenStore.builder(factory, TestKeys.ONE).build();
			TokenKey key = TestTokens.newKey();
			Lease lease = TestTokens.won(store, key).lease();
			await().atMost(LIMIT).until(() -> replica.commands().dbsize() == 1);
			await().atMost(LIMIT).until(() -> sentinel.commands().info("sentinel").contains("slaves=1"));
			master.kill();
			await().atMost(LIMIT).until(() -> isSaved(store, lease));
			assertThat(TestTokens.accessToken(store, key)).isEqualTo("first");
			assertThat(replica.commands().role().get(0)).isEqualTo("master");
		}
		finally {
			factory.destroy();
			Stream.of(sentinel, replica, master).forEach(TestRedis::close);
		}
	}

	private static boolean isSaved(RedisTokenStore store, Lease lease) {
		return Boolean.TRUE.equals(store.commit(lease, TestTokens.session("first"))
			.map((result) -> result.isSaved())
			.timeout(Duration.ofMillis(500))
			.onErrorResume((ex) -> Mono.just(false))
			.block(TestTokens.LIMIT));
	}

	private static LettuceConnectionFactory connected(LettuceConnectionFactory factory) {
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

}
