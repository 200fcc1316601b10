package io.github.evertoken.boot;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Changes the {@code WebClient} with which the clients below {@code evertoken.clients}
 * speak to the authorization server: to its token endpoint, its revocation endpoint and
 * for its metadata. All beans of this type are called, in their order, for each client.
 * <p>
 * That {@code WebClient} has no other customizer. A filter that is added here sees
 * secrets, and must keep them to itself.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TokenEndpointWebClientCustomizer {

	/**
	 * Change the {@code WebClient} of one client.
	 * @param client the client's name
	 * @param builder what builds it; its connector has the client's time-outs, SSL bundle
	 * and proxy
	 */
	void customize(String client, WebClient.Builder builder);

}
