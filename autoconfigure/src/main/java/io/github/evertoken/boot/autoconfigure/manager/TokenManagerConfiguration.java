package io.github.evertoken.boot.autoconfigure.manager;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenManagerBuilder;
import io.github.evertoken.store.TokenStore;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/**
 * The token manager, and the beans that tie it to the life of the application.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class TokenManagerConfiguration {

	/**
	 * A decorator is no replacement: it finds the manager here that it stands around, and
	 * goes before it.
	 */
	@Bean
	@Fallback
	@ConditionalOnMissingBean(value = TokenManager.class, ignored = DelegatingTokenManager.class)
	DefaultTokenManager evertokenTokenManager(ConfiguredClients clients, ObjectProvider<TokenObserver> observers) {
		TokenStore store = clients.store();
		TokenManagerBuilder builder = DefaultTokenManager.builder()
			.clients(clients.settings())
			.store((store != null) ? store : TokenStore.inMemory());
		observers.orderedStream().forEach(builder::observer);
		return builder.build();
	}

	@Bean
	@ConditionalOnMissingBean(name = "evertokenTokenEventPublisher")
	TokenEventPublisher evertokenTokenEventPublisher(TokenManager manager, ApplicationEventPublisher publisher) {
		return new TokenEventPublisher(manager, publisher);
	}

	@Bean
	@ConditionalOnMissingBean(name = "evertokenTokenManagerShutdown")
	TokenManagerShutdown evertokenTokenManagerShutdown(TokenManager manager, ApplicationContext context,
			ConfiguredClients clients) {
		return new TokenManagerShutdown(manager, context, clients.revokedOnShutdown());
	}

	@Bean
	@ConditionalOnMissingBean(name = "evertokenEagerClientStarter")
	EagerClientStarter evertokenEagerClientStarter(TokenManager manager, ConfiguredClients clients) {
		return new EagerClientStarter(manager, clients.starts());
	}

}
