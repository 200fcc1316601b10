package io.github.evertoken.redis.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.properties.StoreProperties;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.redis.EncryptionKeys;
import io.github.evertoken.redis.RecordScope;
import io.github.evertoken.redis.RedisTokenStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.io.ResourceLoader;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/**
 * Makes the store out of properties, or the report of all that is wrong with them.
 */
final class RedisTokenStoreFactory {

	private static final Logger logger = LoggerFactory.getLogger(RedisTokenStore.class);

	private static final String PREFIX = "evertoken.store.";

	/**
	 * By so much a lease lasts longer than what has to be done within it takes at most.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(4);

	private final EvertokenProperties properties;

	private final ResourceLoader resourceLoader;

	private final List<String> problems = new ArrayList<>();

	RedisTokenStoreFactory(EvertokenProperties properties, ResourceLoader resourceLoader) {
		this.properties = properties;
		this.resourceLoader = resourceLoader;
	}

	RedisTokenStore create(ReactiveRedisConnectionFactory connectionFactory, RecordScope.Resolver scopes) {
		StoreProperties store = this.properties.store();
		EncryptionKeys keys = new EncryptionKeysFactory(store.encryption(), this.resourceLoader, this.problems)
			.create();
		if (keys == null) {
			throw new InvalidConfigurationException(this.problems);
		}
		RedisTokenStore.Builder builder = RedisTokenStore.builder(connectionFactory, keys).scopes(scopes);
		check("prefix", () -> builder.prefix(store.prefix()));
		check("retention", () -> builder.retention(store.retention()));
		Duration lease = store.lease();
		check("lease", () -> builder.lease((lease != null) ? lease : longest(store)));
		if (!this.problems.isEmpty()) {
			throw new InvalidConfigurationException(this.problems);
		}
		logger.info("Tokens are shared in Redis, where their names begin with '{}', and encrypted with the key '{}'",
				store.prefix(), keys.firstId());
		return builder.build();
	}

	private void check(String property, Supplier<?> step) {
		try {
			step.get();
		}
		catch (IllegalArgumentException ex) {
			this.problems.add(PREFIX + property + ": " + ex.getMessage());
		}
	}

	/**
	 * Return the lease that is long enough for all clients that have one.
	 */
	private Duration longest(StoreProperties store) {
		Duration deadline = this.properties.clients()
			.values()
			.stream()
			.filter(ClientProperties::shared)
			.map(RedisTokenStoreFactory::refreshDeadline)
			.max(Comparator.naturalOrder())
			.orElse(Duration.ofSeconds(30));
		return deadline.plus(store.timeout().multipliedBy(2)).plus(MARGIN);
	}

	private static Duration refreshDeadline(ClientProperties client) {
		Duration deadline = client.refreshDeadline();
		return (deadline != null) ? deadline : ClientSettings.refreshDeadlineAfter(client.responseTimeout());
	}

}
