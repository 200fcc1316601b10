package orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class ClientConfiguration {

	@Bean
	WebClient inventoryClient(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		ServerOAuth2AuthorizedClientExchangeFilterFunction filter = filter(manager);
		filter.setDefaultClientRegistrationId("inventory");
		return builder.clone().baseUrl("https://internal.example/inventory").filter(filter).build();
	}

	@Bean
	WebClient billingClient(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		var filter = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		filter.setDefaultClientRegistrationId(Registrations.BILLING);
		return builder.clone().baseUrl("https://internal.example/billing").filter(filter).build();
	}

	private ServerOAuth2AuthorizedClientExchangeFilterFunction filter(ReactiveOAuth2AuthorizedClientManager manager) {
		return new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
	}

}
