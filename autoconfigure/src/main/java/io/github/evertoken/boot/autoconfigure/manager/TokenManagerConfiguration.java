package io.github.evertoken.boot.autoconfigure.manager;

import java.util.List;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.TokenManagerBuilderCustomizer;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenManagerBuilder;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;

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
	DefaultTokenManager evertokenTokenManager(ConfiguredClients clients, ObjectProvider<TokenObserver> observers,
			ObjectProvider<TokenManagerBuilderCustomizer> customizers, Environment environment) {
		TokenStore store = clients.store();
		TokenManagerBuilder builder = DefaultTokenManager.builder()
			.clients(clients.settings())
			.store((store != null) ? store : TokenStore.inMemory())
			.replica(replica(environment));
		observers.orderedStream().forEach(builder::observer);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		return build(builder, store);
	}

	/**
	 * What is wrong with clients that are beans is known to the manager alone.
	 */
	private static DefaultTokenManager build(TokenManagerBuilder builder, @Nullable TokenStore store) {
		try {
			return builder.build();
		}
		catch (IllegalArgumentException ex) {
			if (store != null && SharedTokenStore.of(store) != null) {
				throw new InvalidConfigurationException(List.of("evertoken.store.lease: " + ex.getMessage()));
			}
			throw ex;
		}
	}

	/**
	 * The name of the host, where the environment tells it, as that of a container does,
	 * and that of the process there.
	 */
	private static String replica(Environment environment) {
		String pid = String.valueOf(ProcessHandle.current().pid());
		String host = environment.getProperty("HOSTNAME", environment.getProperty("COMPUTERNAME", ""));
		return host.isEmpty() ? pid : host + ":" + pid;
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
