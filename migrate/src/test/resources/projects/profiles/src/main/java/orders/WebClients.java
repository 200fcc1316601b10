package orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class WebClients {

	@Bean
	WebClient inventory(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("inventory");
		return builder.baseUrl("https://inventory.example").filter(oauth2).build();
	}

	@Bean
	@Profile("partner")
	WebClient partner(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager, Environment environment) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		oauth2.setDefaultClientRegistrationId("partner");
		return builder.baseUrl(environment.getRequiredProperty("partner.url")).filter(oauth2).build();
	}

}
