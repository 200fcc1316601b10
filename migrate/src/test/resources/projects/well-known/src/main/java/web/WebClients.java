package web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class WebClients {

	@Bean
	WebClient drive(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("google");
		return builder.baseUrl("https://drive.example/v3").filter(oauth2).build();
	}

	@Bean
	WebClient orders(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("okta");
		return builder.baseUrl("https://orders.example").filter(oauth2).build();
	}

}
