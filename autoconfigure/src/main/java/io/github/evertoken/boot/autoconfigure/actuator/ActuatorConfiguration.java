package io.github.evertoken.boot.autoconfigure.actuator;

import io.github.evertoken.TokenManager;
import io.github.evertoken.advice.Advisor;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.web.RequestExplainer;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans for Spring Boot's actuator, where the application has it. What the actuator
 * says of its own conditions stands at the beans: at a class it would be looked at before
 * it is known whether there is an actuator.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class ActuatorConfiguration {

	/**
	 * The endpoint, where it is exposed.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnAvailableEndpoint
		@ConditionalOnMissingBean
		EvertokenEndpoint evertokenEndpoint(TokenManager manager, ConfiguredClients clients,
				EvertokenProperties properties, Advisor advisor) {
			return new EvertokenEndpoint(manager, clients, properties, advisor);
		}

		@Bean
		@ConditionalOnClass(EndpointWebExtension.class)
		@ConditionalOnBean(EvertokenEndpoint.class)
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint(endpoint = EvertokenEndpoint.class, exposure = EndpointExposure.WEB)
		EvertokenEndpointWebExtension evertokenEndpointWebExtension(EvertokenEndpoint endpoint,
				RequestExplainer explainer) {
			return new EvertokenEndpointWebExtension(endpoint, new ExplainerReports(explainer));
		}

	}

	/**
	 * The health of the clients.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
	static class HealthConfiguration {

		@Bean
		@ConditionalOnEnabledHealthIndicator("evertoken")
		@ConditionalOnMissingBean(name = { "evertokenHealthContributor", "evertokenHealthIndicator" })
		TokenHealthContributor evertokenHealthContributor(TokenManager manager, ConfiguredClients clients) {
			return TokenHealthContributor.of(manager, clients);
		}

	}

}
