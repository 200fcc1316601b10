package io.github.evertoken.test.boot.stock;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * Asks the inventory, as a user's code does, blocking.
 */
@Component
public class BlockingStock {

	private final RestClient restClient;

	public BlockingStock(RestClient.Builder builder, @Value("${evertoken.clients.inventory.base-url}") String baseUrl) {
		this.restClient = builder.baseUrl(baseUrl).build();
	}

	public String of(String item) {
		return this.restClient.get().uri("/items/{item}", item).retrieve().body(String.class);
	}

}
