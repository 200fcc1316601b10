package io.github.evertoken.samples.quickstart.orders;

import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A service that depends on the starter; its clients stand in
 * {@code application-orders.yml}.
 */
@SpringBootApplication
class OrdersApplication {

	@Bean
	ContinuousCaller continuousCaller(InventoryClient inventory) {
		return new ContinuousCaller(inventory::item);
	}

}
