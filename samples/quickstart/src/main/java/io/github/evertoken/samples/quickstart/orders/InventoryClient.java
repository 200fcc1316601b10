package io.github.evertoken.samples.quickstart.orders;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

import static io.github.evertoken.web.TokenAttributes.subject;

/**
 * Calls the inventory service. There is nothing about tokens in it, save on whose behalf
 * a user's request is made.
 */
@Component
public class InventoryClient {

	private final WebClient webClient;

	InventoryClient(WebClient.Builder builder, @Value("${quickstart.inventory}") String url) {
		this.webClient = builder.baseUrl(url).build();
	}

	/**
	 * Get an item.
	 * @param number its number
	 * @return what the inventory says of it
	 */
	public Mono<String> item(long number) {
		return this.webClient.get().uri("/items/{number}", number).retrieve().bodyToMono(String.class);
	}

	/**
	 * Get a report.
	 * @param number its number
	 * @return the report
	 */
	public Mono<String> report(long number) {
		return this.webClient.get().uri("/reports/{number}", number).retrieve().bodyToMono(String.class);
	}

	/**
	 * Get a user's basket.
	 * @param user the user
	 * @return the basket
	 */
	public Mono<String> basketOf(String user) {
		return this.webClient.get().uri("/baskets/mine").attributes(subject(user)).retrieve().bodyToMono(String.class);
	}

}
