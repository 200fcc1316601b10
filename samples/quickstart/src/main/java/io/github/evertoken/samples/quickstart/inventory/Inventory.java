package io.github.evertoken.samples.quickstart.inventory;

import java.util.Map;

import io.github.evertoken.samples.quickstart.shared.Application;
import io.github.evertoken.samples.quickstart.shared.Revocations;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The running inventory service.
 */
public final class Inventory implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final UnauthorizedCounter counter;

	private Inventory(ConfigurableApplicationContext context) {
		this.context = context;
		this.counter = context.getBean(UnauthorizedCounter.class);
	}

	/**
	 * Start the inventory service.
	 * @param port its port
	 * @param authorizationServer the URL of the authorization server
	 * @param revocations where it hears of the tokens that are revoked
	 * @return the running service
	 */
	public static Inventory start(int port, String authorizationServer, Revocations revocations) {
		return new Inventory(Application.start(InventoryApplication.class, "inventory",
				Map.of("server.port", port, "quickstart.authorization", authorizationServer), revocations));
	}

	/**
	 * Return how many requests have been answered with 401.
	 * @return the service's own count
	 */
	public long unauthorized() {
		return this.counter.count();
	}

	/**
	 * Return what keeps requests on their way.
	 * @return the door
	 */
	public Door door() {
		return this.context.getBean(Door.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
