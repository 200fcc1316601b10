package io.github.evertoken.redis;

import io.github.evertoken.store.TokenStore;
import io.github.evertoken.test.store.TokenStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Tests that a {@link RedisTokenStore} keeps to the contract of {@link TokenStore}.
 */
class RedisStoreContractTests extends TokenStoreContract {

	private static LettuceConnectionFactory connectionFactory;

	@BeforeAll
	static void connect() {
		connectionFactory = TestRedis.shared().connectionFactory();
	}

	@AfterAll
	static void disconnect() {
		connectionFactory.destroy();
	}

	@Override
	protected TokenStore store() {
		return RedisTokenStore.builder(connectionFactory, TestKeys.ONE).build();
	}

}
