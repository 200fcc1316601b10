package orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class WebClients {

	@Bean
	ServerOAuth2AuthorizedClientExchangeFilterFunction keycloakFilter(ReactiveOAuth2AuthorizedClientManager manager) {
		ServerOAuth2AuthorizedClientExchangeFilterFunction filter = new ServerOAuth2AuthorizedClientExchangeFilterFunction(
				manager);
		filter.setDefaultClientRegistrationId("keycloak");
		return filter;
	}

	@Bean
	WebClient shop(WebClient.Builder builder, ServerOAuth2AuthorizedClientExchangeFilterFunction keycloakFilter) {
		return builder.baseUrl("https://shop.example").filters((filters) -> filters.add(keycloakFilter)).build();
	}

}
