package io.github.evertoken.boot.autoconfigure.security;

import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.client.registration.ClientRegistration;

/**
 * The beans that connect with Spring Security's OAuth 2 client.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class SecurityConfiguration {

	/**
	 * What only an application with Spring Security's OAuth 2 client can use.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ClientRegistration.class)
	static class RegistrationsConfiguration {

		@Bean
		SpringSecurityRegistrationSource evertokenRegistrations(ListableBeanFactory beanFactory,
				Environment environment, ObjectProvider<BootRegistrationReader> bootRegistrations) {
			return new SpringSecurityRegistrationSource(beanFactory, environment, bootRegistrations.getIfAvailable());
		}

		@Bean
		static AuthorizedClientServicePostProcessor evertokenAuthorizedClientServicePostProcessor(
				ObjectProvider<EvertokenProperties> properties, ObjectProvider<ConfiguredClients> clients,
				ObjectProvider<TokenManager> manager) {
			return new AuthorizedClientServicePostProcessor(properties, clients, manager);
		}

	}

	/**
	 * What only an application with Spring Boot's support for that client can use.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ClientRegistration.class, OAuth2ClientProperties.class })
	static class BootRegistrationsConfiguration {

		@Bean
		BootRegistrationReader evertokenBootRegistrations(Environment environment) {
			return new BootRegistrationReader(environment);
		}

	}

}
