package io.github.evertoken.samples.httpservices;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.springframework.stereotype.Component;

/**
 * Calls the HTTP services, as any bean does that has them injected.
 */
@Component
class Shop {

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private final InventoryService inventory;

	private final PriceService prices;

	Shop(InventoryService inventory, PriceService prices) {
		this.inventory = inventory;
		this.prices = prices;
	}

	/**
	 * Call each of them.
	 * @return what they have answered
	 */
	List<String> visit() {
		List<String> answers = new ArrayList<>();
		answers.add(Objects.requireNonNull(this.inventory.item("7").block(LIMIT)));
		answers.add(this.prices.price("7"));
		answers.add(Objects.requireNonNull(this.inventory.reserve("7").block(LIMIT)));
		answers.add(this.prices.all(Duration.ofMinutes(10)));
		return answers;
	}

}
