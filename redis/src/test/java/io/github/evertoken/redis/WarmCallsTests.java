package io.github.evertoken.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a call with a usable token comes nowhere near a real Redis.
 */
class WarmCallsTests {

	private static final String CLIENT = "inventory";

	private static final TokenKey SERVICE = TokenKey.of(CLIENT);

	private static final TokenKey ALICE = TokenKey.of(CLIENT, "alice");

	private static final int CALLS = 100_000;

	/**
	 * What is sent without any call: this test's own, and that by which a listener sees
	 * that it still hears.
	 */
	private static final Set<String> WITHOUT_CALLS = Set.of("config|resetstat", "info", "publish");

	private final TestRedis redis = TestRedis.start("--save", "");

	private final LettuceConnectionFactory connectionFactory = this.redis.connectionFactory();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.store(RedisTokenStore.builder(this.connectionFactory, TestKeys.ONE).build())
		.client(ClientSettings.of(CLIENT, (request) -> Mono.just(token("obtained"))).build())
		.build();

	private final RedisCommands<String, String> administrator = this.redis.commands();

	@AfterEach
	void close() {
		this.manager.close();
		this.connectionFactory.destroy();
		this.redis.close();
	}

	@Test
	@Tag("FL-15")
	void callsWhenTheTokenIsUsableThenRedisHasNoCommandOfThem() {
		this.manager.put(ALICE, token("of-alice")).block(TestTokens.LIMIT);
		assertThat(token(ALICE)).isEqualTo("of-alice");
		assertThat(token(SERVICE)).isEqualTo("obtained");
		await().untilAsserted(this::assertAtRest);
		assertThat(commands()).contains("evalsha", "subscribe");
		this.administrator.configResetstat();
		for (int i = 0; i < CALLS; i++) {
			token((i % 2 == 0) ? ALICE : SERVICE);
		}
		assertThat(commands()).contains("config|resetstat").isSubsetOf(WITHOUT_CALLS);
	}

	/**
	 * Both records are written, and the listener is there.
	 */
	private void assertAtRest() {
		assertThat(this.administrator.pubsubNumsub("evertoken:changes")).containsEntry("evertoken:changes", 1L);
		assertThat(this.administrator.keys("evertoken:*")).hasSize(2)
			.allSatisfy((record) -> assertThat(this.administrator.hkeys(record)).contains("s").doesNotContain("u"));
	}

	private static TokenSet token(String value) {
		return TokenSet.withAccessToken(value)
			.refreshToken("refresh-" + value)
			.expiresIn(Duration.ofHours(1))
			.obtainedAt(Instant.now())
			.build();
	}

	private String token(TokenKey key) {
		return this.manager.token(key).block(TestTokens.LIMIT).value();
	}

	/**
	 * Return the commands that there have been since the last time that they were
	 * forgotten, but the one that asks for them.
	 */
	private Set<String> commands() {
		return this.administrator.info("commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_"))
			.map((line) -> line.substring("cmdstat_".length(), line.indexOf(':')))
			.collect(Collectors.toSet());
	}

}
