package orders;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

@Component
class Inventory {

	private final WebClient webClient;

	Inventory(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager,
			@Value("${services.inventory-service.url}") String url) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("inventory");
		this.webClient = builder.baseUrl(url + "/api").filter(oauth2).build();
	}

}
