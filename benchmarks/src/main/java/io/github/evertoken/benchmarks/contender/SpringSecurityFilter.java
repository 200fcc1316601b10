package io.github.evertoken.benchmarks.contender;

import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.client.AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientCredentialsReactiveOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.InMemoryReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.RemoveAuthorizedClientReactiveOAuth2AuthorizationFailureHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Spring Security's filter for a service with {@code client_credentials}: the manager
 * that needs no server exchange, the in-memory service, the client set once on the
 * filter, and a clock skew that fits the tokens instead of the default of 60 seconds,
 * with which each request would call for a token that lives less.
 */
public final class SpringSecurityFilter implements Authorizer {

	private static final String REGISTRATION_ID = "inventory";

	private final ServerOAuth2AuthorizedClientExchangeFilterFunction filter;

	SpringSecurityFilter(TokenSource source) {
		this(source, false);
	}

	private SpringSecurityFilter(TokenSource source, boolean forgetRejected) {
		InMemoryReactiveClientRegistrationRepository registrations = new InMemoryReactiveClientRegistrationRepository(
				registration());
		ReactiveOAuth2AuthorizedClientService service = new InMemoryReactiveOAuth2AuthorizedClientService(
				registrations);
		AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager(
				registrations, service);
		manager.setAuthorizedClientProvider(provider(source));
		this.filter = new ServerOAuth2AuthorizedClientExchangeFilterFunction(manager);
		this.filter.setDefaultClientRegistrationId(REGISTRATION_ID);
		if (forgetRejected) {
			this.filter.setAuthorizationFailureHandler(
					new RemoveAuthorizedClientReactiveOAuth2AuthorizationFailureHandler((registrationId, principal,
							attributes) -> service.removeAuthorizedClient(registrationId, principal.getName())));
		}
	}

	/**
	 * Create a filter that forgets a token that was rejected. It does not send the
	 * request once more: that is left to its user.
	 * @param source where its tokens come from
	 * @return the filter
	 */
	public static SpringSecurityFilter forRejections(TokenSource source) {
		return new SpringSecurityFilter(source, true);
	}

	private static ClientRegistration registration() {
		return ClientRegistration.withRegistrationId(REGISTRATION_ID)
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.clientId("orders")
			.clientSecret("not-used")
			.tokenUri("https://idp.internal/token")
			.build();
	}

	private static ClientCredentialsReactiveOAuth2AuthorizedClientProvider provider(TokenSource source) {
		ClientCredentialsReactiveOAuth2AuthorizedClientProvider provider = new ClientCredentialsReactiveOAuth2AuthorizedClientProvider();
		provider.setClockSkew(source.margin());
		provider.setAccessTokenResponseClient((request) -> source.call().map(SpringSecurityFilter::response));
		return provider;
	}

	private static OAuth2AccessTokenResponse response(IssuedToken token) {
		// Whole seconds are all that a response can say.
		return OAuth2AccessTokenResponse.withToken(token.value())
			.tokenType(TokenType.BEARER)
			.expiresIn(Math.max(1, token.lifetime().toSeconds()))
			.build();
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return this.filter.filter(request, next);
	}

}
