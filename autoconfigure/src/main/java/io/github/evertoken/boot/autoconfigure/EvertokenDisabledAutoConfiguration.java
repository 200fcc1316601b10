package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.TokenManager;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of an application that switches Evertoken off: what injects a
 * {@link TokenManager} starts all the same.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "evertoken.enabled", havingValue = false)
public final class EvertokenDisabledAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(TokenManager.class)
	DisabledTokenManager evertokenDisabledTokenManager() {
		return new DisabledTokenManager();
	}

}
