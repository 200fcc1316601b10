package io.github.evertoken.samples.quickstart.former;

import java.util.Map;

import io.github.evertoken.samples.quickstart.shared.Application;
import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;

/**
 * The running orders service as it was before.
 */
public final class FormerOrders implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private FormerOrders(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start the former orders service.
	 * @param authorizationServer the URL of the authorization server
	 * @param inventory the URL of the inventory service
	 * @return the running service
	 */
	public static FormerOrders start(String authorizationServer, String inventory) {
		return new FormerOrders(Application.start(FormerOrdersApplication.class, "former",
				Map.of("quickstart.authorization", authorizationServer, "quickstart.inventory", inventory)));
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
	public FormerInventoryClient inventory() {
		return this.context.getBean(FormerInventoryClient.class);
	}

	/**
	 * Return what the YAML says of the clients.
	 * @return the registrations
	 */
	public ReactiveClientRegistrationRepository registrations() {
		return this.context.getBean(ReactiveClientRegistrationRepository.class);
	}

	/**
	 * Return where the tokens are.
	 * @return the service that holds them
	 */
	public ReactiveOAuth2AuthorizedClientService tokens() {
		return this.context.getBean(ReactiveOAuth2AuthorizedClientService.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
