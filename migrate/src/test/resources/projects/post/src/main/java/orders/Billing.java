package orders;

import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

import static org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction.clientRegistrationId;

@Component
class Billing {

	private static final String REGISTRATION = "billing";

	private static final String URL = "https://billing.example";

	private final WebClient webClient;

	Billing(WebClient webClient) {
		this.webClient = webClient;
	}

	Mono<String> invoice(String id) {
		return this.webClient.get()
			.uri(URL + "/api/invoices/{id}", id)
			.attributes(clientRegistrationId(REGISTRATION))
			.retrieve()
			.bodyToMono(String.class);
	}

	Mono<String> payments(String customer) {
		return this.webClient.get()
			.uri(URL + "/api/payments/" + customer)
			.attributes(clientRegistrationId(REGISTRATION))
			.retrieve()
			.bodyToMono(String.class);
	}

}
