package io.github.evertoken.samples.quickstart.former;

import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

import static org.springframework.security.oauth2.client.web.ClientAttributes.clientRegistrationId;

/**
 * Calls the inventory service. Each call names the registration whose token it takes.
 */
@Component
public class FormerInventoryClient {

	private final WebClient webClient;

	FormerInventoryClient(WebClient.Builder builder, ServerOAuth2AuthorizedClientExchangeFilterFunction filter,
			@Value("${quickstart.inventory}") String url) {
		this.webClient = builder.baseUrl(url).filter(filter).build();
	}

	/**
	 * Get an item.
	 * @param number its number
	 * @return what the inventory says of it
	 */
	public Mono<String> item(long number) {
		return get("inventory", "/items/" + number);
	}

	/**
	 * Get a report.
	 * @param number its number
	 * @return the report
	 */
	public Mono<String> report(long number) {
		return get("reports", "/reports/" + number);
	}

	/**
	 * Get a user's basket.
	 * @param user the user
	 * @return the basket
	 */
	public Mono<String> basketOf(String user) {
		return get("session", "/baskets/mine").contextWrite(ReactiveSecurityContextHolder.withAuthentication(
				UsernamePasswordAuthenticationToken.authenticated(user, "", AuthorityUtils.NO_AUTHORITIES)));
	}

	private Mono<String> get(String registrationId, String path) {
		return this.webClient.get()
			.uri(path)
			.attributes(clientRegistrationId(registrationId))
			.retrieve()
			.bodyToMono(String.class);
	}

}
