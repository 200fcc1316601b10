package io.github.evertoken.samples.quickstart.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import io.github.evertoken.samples.quickstart.authorization.AuthorizationServer;
import io.github.evertoken.samples.quickstart.former.FormerOrders;
import io.github.evertoken.samples.quickstart.inventory.Inventory;
import io.github.evertoken.samples.quickstart.orders.Orders;
import io.github.evertoken.samples.quickstart.shared.Revocations;

/**
 * The applications, all of them on the loopback interface.
 *
 * @param authorizationUrl the URL of the authorization server
 * @param authorization the authorization server
 * @param inventoryUrl the URL of the inventory service
 * @param inventory the inventory service
 * @param orders the orders service
 * @param formerOrders the orders service as it was before
 */
public record Services(String authorizationUrl, AuthorizationServer authorization, String inventoryUrl,
		Inventory inventory, Orders orders, FormerOrders formerOrders) implements AutoCloseable {

	/**
	 * Start them on free ports.
	 * @param page whether there is a page that shows the tokens of the orders service
	 * @return the running services
	 */
	public static Services start(boolean page) {
		int[] ports = freePorts();
		String authorizationUrl = "http://127.0.0.1:" + ports[0];
		String inventoryUrl = "http://127.0.0.1:" + ports[1];
		Revocations revocations = new Revocations();
		AuthorizationServer authorization = AuthorizationServer.start(ports[0], revocations);
		Inventory inventory = Inventory.start(ports[1], authorizationUrl, revocations);
		Orders orders = Orders.start(authorizationUrl, inventoryUrl, page);
		FormerOrders formerOrders = FormerOrders.start(authorizationUrl, inventoryUrl);
		Services services = new Services(authorizationUrl, authorization, inventoryUrl, inventory, orders,
				formerOrders);
		Runtime.getRuntime().addShutdownHook(new Thread(services::close, "quickstart-shutdown"));
		return services;
	}

	/**
	 * Each service has to know the others' ports before they run. If somebody else takes
	 * one in between, its service does not start and says which port it was.
	 */
	private static int[] freePorts() {
		try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return new int[] { one.getLocalPort(), other.getLocalPort() };
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No free port on the loopback interface", ex);
		}
	}

	/**
	 * Stop them, the callers first. It does no harm to do it twice.
	 */
	@Override
	public void close() {
		this.formerOrders.close();
		this.orders.close();
		this.inventory.close();
		this.authorization.close();
	}

}
