package orders;

import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class WebClients {

	@Bean
	ServerOAuth2AuthorizedClientExchangeFilterFunction oauth2(ReactiveOAuth2AuthorizedClientManager manager) {
		return new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
	}

	@Bean
	WebClientCustomizer oauth2Customizer(ServerOAuth2AuthorizedClientExchangeFilterFunction oauth2) {
		return (builder) -> builder.filter(oauth2);
	}

	@Bean
	WebClient webClient(WebClient.Builder builder) {
		return builder.build();
	}

}
