package orders;

import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.TokenExchangeReactiveOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class Stock {

	@Bean
	TokenExchangeReactiveOAuth2AuthorizedClientProvider tokenExchange() {
		return new TokenExchangeReactiveOAuth2AuthorizedClientProvider();
	}

	@Bean
	WebClient stock(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("stock");
		return builder.baseUrl("https://stock.example").filter(oauth2).build();
	}

}
