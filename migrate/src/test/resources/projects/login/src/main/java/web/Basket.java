package web;

import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

import static org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction.clientRegistrationId;
import static org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction.oauth2AuthorizedClient;

@RestController
class Basket {

	private final WebClient webClient;

	Basket(WebClient webClient) {
		this.webClient = webClient;
	}

	@GetMapping("/basket")
	Mono<String> basket(@RegisteredOAuth2AuthorizedClient("shop") OAuth2AuthorizedClient authorizedClient) {
		return this.webClient.get()
			.uri("https://basket.example/api/basket")
			.attributes(oauth2AuthorizedClient(authorizedClient))
			.retrieve()
			.bodyToMono(String.class);
	}

	@GetMapping("/token")
	Mono<String> token(@RegisteredOAuth2AuthorizedClient("shop") OAuth2AuthorizedClient client) {
		return Mono.just(client.getAccessToken().getTokenValue());
	}

	Mono<Void> send(String mail) {
		return this.webClient.post()
			.uri("https://mail.example/send")
			.attributes(clientRegistrationId("mail"))
			.bodyValue(mail)
			.retrieve()
			.bodyToMono(Void.class);
	}

}
