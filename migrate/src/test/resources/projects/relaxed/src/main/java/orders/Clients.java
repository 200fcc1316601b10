package orders;

import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

class Clients {

	private final WebClient eu;

	private final WebClient stock;

	Clients(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		this.eu = client(builder, manager);
		ServerOAuth2AuthorizedClientExchangeFilterFunction oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("stockService");
		this.stock = builder.clone().baseUrl("https://stock.example").filter(oauth2).build();
	}

	private static WebClient client(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		ServerOAuth2AuthorizedClientExchangeFilterFunction filter = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		filter.setDefaultClientRegistrationId("inventory" + ".eu");
		return builder.clone().baseUrl("https://inventory.example/eu").filter(filter).build();
	}

}
