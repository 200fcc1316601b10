package io.github.evertoken.samples.httpservices;

import java.io.IOException;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

/**
 * A shop that calls an inventory and a price list through interfaces.
 */
@SpringBootApplication
@ImportHttpServices(group = "inventory", types = InventoryService.class, clientType = ClientType.WEB_CLIENT)
@ImportHttpServices(group = "prices", types = PriceService.class, clientType = ClientType.REST_CLIENT)
public class HttpServicesApplication {

	/**
	 * Start the shop.
	 * @param remote what it calls
	 * @return the running shop
	 */
	static ConfigurableApplicationContext start(RemoteServices remote) {
		return new SpringApplicationBuilder(HttpServicesApplication.class).properties("sample.remote=" + remote.url())
			.run();
	}

	/**
	 * Start the shop and what it calls, and have it call each service before and after
	 * its tokens are revoked.
	 * @param args nothing
	 * @throws IOException if there is no free port
	 */
	public static void main(String[] args) throws IOException {
		try (RemoteServices remote = RemoteServices.start(); ConfigurableApplicationContext context = start(remote)) {
			Shop shop = context.getBean(Shop.class);
			System.out.println("The shop calls its HTTP services:");
			shop.visit().forEach((answer) -> System.out.println("    " + answer));
			remote.revokeAll();
			System.out.println("All tokens are revoked, and it calls them again:");
			shop.visit().forEach((answer) -> System.out.println("    " + answer));
			System.out.printf("8 calls, %d token requests, %d of them after a 401 that no caller saw%n",
					remote.tokenRequests(), remote.unauthorized());
		}
	}

}
