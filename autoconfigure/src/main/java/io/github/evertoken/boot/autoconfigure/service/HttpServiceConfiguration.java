package io.github.evertoken.boot.autoconfigure.service;

import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.client.GroupBaseUrls;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.HttpServiceProxyRegistry;

/**
 * The beans that read HTTP service interfaces. They are there without Evertoken too, for
 * the parameters of an interface stay what they are where it is switched off.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class HttpServiceConfiguration {

	@Bean
	HttpServices evertokenHttpServices(ObjectProvider<EvertokenProperties> properties) {
		return new HttpServices(properties);
	}

	@Bean
	WebClientHttpServiceGroupConfigurer evertokenWebClientHttpServiceGroupConfigurer(HttpServices services) {
		return services::configure;
	}

	@Bean
	RestClientHttpServiceGroupConfigurer evertokenRestClientHttpServiceGroupConfigurer(HttpServices services) {
		return services::configure;
	}

	@Bean
	HttpServiceCheck evertokenHttpServiceCheck(HttpServices services, ObjectProvider<EvertokenProperties> properties,
			ObjectProvider<ConfiguredClients> clients, ObjectProvider<HttpServiceProxyRegistry> registries,
			ObjectProvider<GroupBaseUrls> baseUrls, ListableBeanFactory beanFactory, Environment environment) {
		return new HttpServiceCheck(services, properties, registries,
				new SendingClients(clients, baseUrls, beanFactory), new ApplicationPart(beanFactory, environment));
	}

}
