package orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class WebClients {

	private final ReactiveOAuth2AuthorizedClientManager manager;

	WebClients(ReactiveOAuth2AuthorizedClientManager manager) {
		this.manager = manager;
	}

	@Bean
	WebClient a(WebClient.Builder builder) {
		return client(builder, "a", "https://a.example");
	}

	@Bean
	WebClient b(WebClient.Builder builder) {
		return this.client(builder, "b", "https://b.example");
	}

	@Bean
	WebClient c(WebClient.Builder builder) {
		return builder.baseUrl("https://c.example").filter(filter("c")).build();
	}

	@Bean
	WebClient d(WebClient.Builder builder) {
		var filter = this.filter("d");
		return builder.baseUrl("https://d.example").filter(filter).build();
	}

	private WebClient client(WebClient.Builder builder, String registration, String url) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(this.manager);
		oauth2.setDefaultClientRegistrationId(registration);
		return builder.baseUrl(url).filter(oauth2).build();
	}

	private ServerOAuth2AuthorizedClientExchangeFilterFunction filter(String registration) {
		var oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(this.manager);
		oauth2.setDefaultClientRegistrationId(registration);
		return oauth2;
	}

}
