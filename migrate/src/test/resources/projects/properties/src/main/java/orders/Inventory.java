package orders;

import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

@Component
class Inventory {

	private final WebClient webClient;

	Inventory(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		this.webClient = builder.baseUrl("https://inventory.example").filter(oauth2(manager)).build();
	}

	private static ServerOAuth2AuthorizedClientExchangeFilterFunction oauth2(
			ReactiveOAuth2AuthorizedClientManager manager) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("inventory");
		return oauth2;
	}

}
