package orders;

import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

@Component
class Billing {

	private final WebClient webClient;

	Billing(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager, Services services) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("billing");
		this.webClient = builder.baseUrl(services.baseUrl()).filter(oauth2).build();
	}

}
