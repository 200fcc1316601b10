package io.github.evertoken.benchmarks.redis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

import io.github.evertoken.redis.EncryptionKey;
import io.github.evertoken.redis.EncryptionKeys;
import io.github.evertoken.redis.RedisTokenStore;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A store in Redis as one replica has it, with connections of its own.
 */
final class Connection implements AutoCloseable {

	private static final EncryptionKeys KEYS = EncryptionKeys
		.of(EncryptionKey.of("benchmark", Base64.getEncoder().encodeToString(new byte[32])));

	/**
	 * A step may take long while the machine has other things to do, and is none the less
	 * to be counted.
	 */
	static final Duration STORE_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration LEASE = Duration.ofMinutes(1);

	private final LettuceConnectionFactory connectionFactory;

	private final RedisTokenStore store;

	Connection(RedisServer server) {
		this(server, InstantSource.system());
	}

	Connection(RedisServer server, InstantSource clock) {
		this.connectionFactory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", server.port()));
		this.connectionFactory.afterPropertiesSet();
		this.connectionFactory.start();
		this.store = RedisTokenStore.builder(this.connectionFactory, KEYS).lease(LEASE).clock(clock).build();
	}

	RedisTokenStore store() {
		return this.store;
	}

	@Override
	public void close() {
		this.connectionFactory.destroy();
	}

}
