package orders;

import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

@Component
class StockClient {

	private final WebClient webClient;

	StockClient(ReactiveOAuth2AuthorizedClientManager manager) {
		ServerOAuth2AuthorizedClientExchangeFilterFunction oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(
				manager);
		oauth2.setDefaultClientRegistrationId("stock");
		this.webClient = WebClient.builder().baseUrl("https://stock.example").filter(oauth2).build();
	}

}
