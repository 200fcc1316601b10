package orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServletOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static org.springframework.security.oauth2.client.web.reactive.function.client.ServletOAuth2AuthorizedClientExchangeFilterFunction.clientRegistrationId;

@Configuration
class Clients {

	@Bean
	WebClient inventory(WebClient.Builder builder, OAuth2AuthorizedClientManager manager) {
		ServletOAuth2AuthorizedClientExchangeFilterFunction oauth2 = new ServletOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("inventory");
		return builder.baseUrl("https://inventory.example").apply(oauth2.oauth2Configuration()).build();
	}

	String basket(WebClient inventory) {
		return inventory.get()
			.uri("https://basket.example/mine")
			.attributes(clientRegistrationId("shop"))
			.retrieve()
			.bodyToMono(String.class)
			.block();
	}

}
