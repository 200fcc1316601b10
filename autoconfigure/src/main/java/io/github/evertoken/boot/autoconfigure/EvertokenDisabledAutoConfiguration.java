package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.service.HttpServiceConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of an application that switches Evertoken off: what injects a
 * {@link TokenManager} starts all the same, and what calls an HTTP service goes on
 * calling it, without a token.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "evertoken.enabled", havingValue = false)
@Import(HttpServiceConfiguration.class)
public final class EvertokenDisabledAutoConfiguration {

	/**
	 * A decorator finds it, as it finds the manager of an application that has Evertoken.
	 */
	@Bean
	@Fallback
	@ConditionalOnMissingBean(value = TokenManager.class, ignored = DelegatingTokenManager.class)
	DisabledTokenManager evertokenDisabledTokenManager() {
		return new DisabledTokenManager();
	}

}
