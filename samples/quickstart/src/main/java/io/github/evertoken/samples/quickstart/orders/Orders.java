package io.github.evertoken.samples.quickstart.orders;

import java.util.Map;

import io.github.evertoken.TokenManager;
import io.github.evertoken.samples.quickstart.shared.Application;
import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The running orders service.
 */
public final class Orders implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private Orders(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start the orders service.
	 * @param authorizationServer the URL of the authorization server
	 * @param inventory the URL of the inventory service
	 * @param page whether it has a page that shows its tokens
	 * @return the running service
	 */
	public static Orders start(String authorizationServer, String inventory, boolean page) {
		return new Orders(Application.start(OrdersApplication.class, page ? "orders,page" : "orders",
				Map.of("quickstart.authorization", authorizationServer, "quickstart.inventory", inventory)));
	}

	/**
	 * Return where the page is that shows its tokens.
	 * @return the URL
	 * @throws IllegalStateException if it has none
	 */
	public String page() {
		return url() + "/actuator/evertoken/ui/";
	}

	/**
	 * Return where it passes on what the inventory has.
	 * @return the URL
	 * @throws IllegalStateException if it has no page either
	 */
	public String url() {
		return "http://127.0.0.1:" + this.context.getEnvironment().getRequiredProperty("local.server.port");
	}

	/**
	 * Return what calls the inventory all the time.
	 * @return the caller
	 */
	public ContinuousCaller caller() {
		return this.context.getBean(ContinuousCaller.class);
	}

	/**
	 * Return what calls the inventory once.
	 * @return the client
	 */
	public InventoryClient inventory() {
		return this.context.getBean(InventoryClient.class);
	}

	/**
	 * Return what the starter has made of the YAML.
	 * @return the token manager
	 */
	public TokenManager tokens() {
		return this.context.getBean(TokenManager.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
