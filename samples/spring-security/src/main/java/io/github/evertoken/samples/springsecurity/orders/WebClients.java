package io.github.evertoken.samples.springsecurity.orders;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.security.oauth2.client.web.server.ServerOAuth2AuthorizedClientRepository;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * One {@code WebClient} with Spring Security's filter, one with Evertoken's, and one with
 * both.
 */
@Configuration(proxyBeanMethods = false)
class WebClients {

	private final String inventory;

	WebClients(@Value("${sample.orders}/inventory") String inventory) {
		this.inventory = inventory;
	}

	@Bean
	ServerOAuth2AuthorizedClientExchangeFilterFunction springSecurityFilter(
			ReactiveClientRegistrationRepository registrations,
			ServerOAuth2AuthorizedClientRepository authorizedClients) {
		return new ServerOAuth2AuthorizedClientExchangeFilterFunction(registrations, authorizedClients);
	}

	@Bean
	WebClient springSecurity(ServerOAuth2AuthorizedClientExchangeFilterFunction filter) {
		return WebClient.builder().baseUrl(this.inventory).filter(filter).build();
	}

	/**
	 * Boot's builder brings Evertoken's filter along.
	 */
	@Bean
	WebClient evertoken(WebClient.Builder builder) {
		return builder.baseUrl(this.inventory).build();
	}

	/**
	 * Spring Security's filter comes first: it decides by the request whether it sets a
	 * token, and Evertoken leaves a request alone that has one.
	 */
	@Bean
	WebClient both(WebClient.Builder builder, ServerOAuth2AuthorizedClientExchangeFilterFunction filter) {
		return builder.baseUrl(this.inventory).filters((filters) -> filters.add(0, filter)).build();
	}

}
