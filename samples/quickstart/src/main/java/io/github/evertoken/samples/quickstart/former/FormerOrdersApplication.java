package io.github.evertoken.samples.quickstart.former;

import java.time.Duration;

import io.github.evertoken.samples.quickstart.shared.Application;
import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.oauth2.client.AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.RemoveAuthorizedClientReactiveOAuth2AuthorizationFailureHandler;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;

/**
 * A service that puts tokens to its calls with Spring Security's filter, set up as well
 * as that can be; its registrations stand in {@code application-former.yml}.
 */
@SpringBootApplication
class FormerOrdersApplication {

	/**
	 * By default a token is over a minute before its end, with which each call would ask
	 * for one that lives 16 seconds. This is a fifth of that, as the minute is of five
	 * minutes.
	 */
	private static final Duration CLOCK_SKEW = Duration.ofSeconds(3);

	@Bean
	ReactiveOAuth2AuthorizedClientManager manager(ReactiveClientRegistrationRepository registrations,
			ReactiveOAuth2AuthorizedClientService service) {
		var manager = new AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager(registrations, service);
		manager.setAuthorizedClientProvider(ReactiveOAuth2AuthorizedClientProviderBuilder.builder()
			.clientCredentials((grant) -> grant.clockSkew(CLOCK_SKEW))
			.refreshToken((grant) -> grant.clockSkew(CLOCK_SKEW))
			.build());
		return manager;
	}

	/**
	 * It forgets a token that was rejected, so that the next call has another one.
	 */
	@Bean
	ServerOAuth2AuthorizedClientExchangeFilterFunction filter(ReactiveOAuth2AuthorizedClientManager manager,
			ReactiveOAuth2AuthorizedClientService service) {
		var filter = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		filter.setAuthorizationFailureHandler(
				new RemoveAuthorizedClientReactiveOAuth2AuthorizationFailureHandler((registrationId, principal,
						attributes) -> service.removeAuthorizedClient(registrationId, principal.getName())));
		return filter;
	}

	@Bean
	ReactorResourceFactory ownThreads() {
		return Application.ownThreads();
	}

	@Bean
	ContinuousCaller continuousCaller(FormerInventoryClient inventory) {
		return new ContinuousCaller(inventory::item);
	}

}
