package io.github.evertoken.samples.fleet.replica;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

import static io.github.evertoken.web.TokenAttributes.subject;

/**
 * Calls the orders. There is nothing about tokens in it, save on whose behalf a user's
 * request is made.
 */
@Component
class OrdersClient {

	private final WebClient webClient;

	OrdersClient(WebClient.Builder builder, @Value("${fleet.issuer}") String url) {
		this.webClient = builder.baseUrl(url).build();
	}

	/**
	 * Get what somebody has ordered, or {@code null} the service itself.
	 */
	Mono<String> ordersOf(@Nullable String who) {
		return (who != null)
				? this.webClient.get().uri("/orders/mine").attributes(subject(who)).retrieve().bodyToMono(String.class)
				: this.webClient.get().uri("/orders/service").retrieve().bodyToMono(String.class);
	}

}
