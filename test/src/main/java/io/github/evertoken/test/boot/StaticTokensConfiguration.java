package io.github.evertoken.test.boot;

import io.github.evertoken.test.StaticTokenManager;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/**
 * The manager of {@link EvertokenTest}. It is there before the auto-configuration looks
 * for one.
 */
@Configuration(proxyBeanMethods = false)
class StaticTokensConfiguration {

	@Bean
	@Fallback
	StaticTokenManager evertokenStaticTokenManager() {
		return new StaticTokenManager();
	}

}
