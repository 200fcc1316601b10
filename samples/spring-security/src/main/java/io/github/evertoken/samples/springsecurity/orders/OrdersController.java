package io.github.evertoken.samples.springsecurity.orders;

import java.util.Map;
import java.util.function.Consumer;

import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

import static org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction.clientRegistrationId;

/**
 * Calls the inventory, in the service's own name or in that of the user.
 */
@RestController
class OrdersController {

	private static final Consumer<Map<String, Object>> AS_IT_IS = (attributes) -> {
	};

	private final WebClient springSecurity;

	private final WebClient evertoken;

	private final WebClient both;

	OrdersController(WebClient springSecurity, WebClient evertoken, WebClient both) {
		this.springSecurity = springSecurity;
		this.evertoken = evertoken;
		this.both = both;
	}

	@GetMapping("/service/spring-security")
	Mono<String> itemsBySpringSecurity() {
		return get(this.springSecurity, "/items", clientRegistrationId("inventory"));
	}

	@GetMapping("/service/evertoken")
	Mono<String> itemsByEvertoken() {
		return get(this.evertoken, "/items", AS_IT_IS);
	}

	@GetMapping("/service/both")
	Mono<String> itemsByBoth() {
		return get(this.both, "/items", AS_IT_IS);
	}

	@GetMapping("/service/both-named")
	Mono<String> itemsByBothForSpringSecurity() {
		return get(this.both, "/items", clientRegistrationId("inventory"));
	}

	@GetMapping("/basket/spring-security")
	Mono<String> basketBySpringSecurity() {
		return get(this.springSecurity, "/basket", clientRegistrationId("shop"));
	}

	@GetMapping("/basket/evertoken")
	Mono<String> basketByEvertoken() {
		return get(this.evertoken, "/basket", AS_IT_IS);
	}

	private static Mono<String> get(WebClient webClient, String path, Consumer<Map<String, Object>> attributes) {
		return webClient.get().uri(path).attributes(attributes).retrieve().bodyToMono(String.class);
	}

}
