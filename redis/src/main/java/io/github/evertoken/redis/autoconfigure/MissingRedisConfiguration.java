package io.github.evertoken.redis.autoconfigure;

import io.github.evertoken.store.TokenStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What is said where there is no connection to Redis, though somebody has added this
 * module.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(TokenStore.class)
class MissingRedisConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(EvertokenRedisAutoConfiguration.class);

	@Bean
	SmartInitializingSingleton evertokenMissingRedisWarning() {
		return () -> logger.warn("evertoken-redis is there, and no ReactiveRedisConnectionFactory bean that it can use,"
				+ " or several of which none is primary: tokens are not shared. Add"
				+ " org.springframework.boot:spring-boot-starter-data-redis, or set evertoken.store.type to 'memory'");
	}

}
