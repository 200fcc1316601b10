package web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.security.oauth2.client.web.server.ServerOAuth2AuthorizedClientRepository;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class WebClients {

	@Bean
	WebClient webClient(WebClient.Builder builder, ReactiveClientRegistrationRepository registrations,
			ServerOAuth2AuthorizedClientRepository authorizedClients) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(registrations, authorizedClients);
		oauth2.setDefaultOAuth2AuthorizedClient(true);
		return builder.filter(oauth2).build();
	}

}
