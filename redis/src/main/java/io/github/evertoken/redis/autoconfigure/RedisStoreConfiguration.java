package io.github.evertoken.redis.autoconfigure;

import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.redis.RedisTokenStore;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.io.ResourceLoader;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/**
 * The store, where there is a connection to Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ReactiveRedisConnectionFactory.class)
@ConditionalOnSingleCandidate(ReactiveRedisConnectionFactory.class)
class RedisStoreConfiguration {

	/**
	 * A store of the application's own goes before it, and it is not made then: nobody
	 * asks for it.
	 */
	@Bean
	@Lazy
	@Fallback
	@ConditionalOnMissingBean
	RedisTokenStore evertokenRedisTokenStore(EvertokenProperties properties,
			ReactiveRedisConnectionFactory connectionFactory, ObjectProvider<ConfiguredClients> clients,
			ResourceLoader resourceLoader) {
		return new RedisTokenStoreFactory(properties, resourceLoader).create(connectionFactory,
				new ClientRecordScopes(() -> clients.getObject().clients()));
	}

}
