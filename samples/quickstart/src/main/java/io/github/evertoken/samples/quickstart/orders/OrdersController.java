package io.github.evertoken.samples.quickstart.orders;

import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Passes on what the inventory has, to whoever tries it by hand.
 */
@RestController
class OrdersController {

	private final InventoryClient inventory;

	OrdersController(InventoryClient inventory) {
		this.inventory = inventory;
	}

	@GetMapping("/items/{number}")
	Mono<String> item(@PathVariable long number) {
		return this.inventory.item(number);
	}

	@GetMapping("/reports/{number}")
	Mono<String> report(@PathVariable long number) {
		return this.inventory.report(number);
	}

}
