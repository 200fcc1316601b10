package io.github.evertoken.redis;

import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.test.store.SharedTokenStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Tests that a {@link RedisTokenStore} keeps to the contract of {@link SharedTokenStore}.
 */
@Tag("FL-10")
class RedisStoreContractTests extends SharedTokenStoreContract {

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
	protected SharedTokenStore store() {
		return RedisTokenStore.builder(connectionFactory, TestKeys.ONE).build();
	}

}
