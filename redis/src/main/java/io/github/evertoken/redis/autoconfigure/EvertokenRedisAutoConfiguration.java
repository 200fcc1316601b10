package io.github.evertoken.redis.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Auto-configuration of the store in Redis, for all clients that have no other one. It
 * needs the connection to Redis that Spring Boot makes, and is not there if
 * {@code evertoken.store.type} is {@code memory}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		"org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "evertoken.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "evertoken.store.type", havingValue = "redis", matchIfMissing = true)
@Import({ RedisStoreConfiguration.class, MissingRedisConfiguration.class })
@ImportRuntimeHints(EvertokenRedisRuntimeHints.class)
public final class EvertokenRedisAutoConfiguration {

}
