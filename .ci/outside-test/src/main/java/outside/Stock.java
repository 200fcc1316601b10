package outside;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Asks the inventory.
 */
@Component
public class Stock {

	private final WebClient webClient;

	public Stock(WebClient.Builder builder, @Value("${evertoken.clients.inventory.base-url}") String baseUrl) {
		this.webClient = builder.baseUrl(baseUrl).build();
	}

	public String of(String item) {
		return this.webClient.get().uri("/items/{item}", item).retrieve().bodyToMono(String.class).block();
	}

}
