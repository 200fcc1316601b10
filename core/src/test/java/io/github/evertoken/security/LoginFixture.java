package io.github.evertoken.security;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;

import io.github.evertoken.test.server.AuthorizationServer;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * An authorization server, and Spring Security's side of it: a registration with which
 * users log in, one of the service itself, and where authorized clients are kept.
 */
final class LoginFixture implements AutoCloseable {

	static final String USERS = "orders-users";

	static final String SERVICE = "orders-service";

	static final Duration TIMEOUT = Duration.ofMinutes(1);

	final AuthorizationServer server = AuthorizationServer.forClients("orders");

	final InMemoryReactiveClientRegistrationRepository registrations = new InMemoryReactiveClientRegistrationRepository(
			registration(USERS, AuthorizationGrantType.AUTHORIZATION_CODE),
			registration(SERVICE, AuthorizationGrantType.CLIENT_CREDENTIALS));

	final ReactiveOAuth2AuthorizedClientService authorizedClients = new InMemoryReactiveOAuth2AuthorizedClientService(
			this.registrations);

	private ClientRegistration registration(String id, AuthorizationGrantType grantType) {
		return ClientRegistration.withRegistrationId(id)
			.authorizationGrantType(grantType)
			.clientId("orders")
			.clientSecret(this.server.clientSecret("orders"))
			.tokenUri(this.server.tokenUri())
			.authorizationUri("https://idp.internal/authorize")
			.redirectUri("https://orders.internal/login/oauth2/code/orders-users")
			.scope("configured")
			.build();
	}

	/**
	 * What Spring Security has outside of a web request, told how to refresh.
	 */
	AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager(
			ReactiveOAuth2AuthorizedClientService service) {
		AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager(
				this.registrations, service);
		manager.setAuthorizedClientProvider(
				ReactiveOAuth2AuthorizedClientProviderBuilder.builder().refreshToken().clientCredentials().build());
		return manager;
	}

	/**
	 * What a login leaves.
	 */
	OAuth2AuthorizedClient login(String name, String accessToken, @Nullable String refreshToken) {
		Instant now = Instant.now();
		ClientRegistration registration = Objects
			.requireNonNull(this.registrations.findByRegistrationId(USERS).block(TIMEOUT));
		return new OAuth2AuthorizedClient(registration, name,
				new OAuth2AccessToken(TokenType.BEARER, accessToken, now, now.plusSeconds(3600), Set.of("granted")),
				(refreshToken != null) ? new OAuth2RefreshToken(refreshToken, now) : null);
	}

	void save(OAuth2AuthorizedClient client) {
		this.authorizedClients.saveAuthorizedClient(client, principal(client.getPrincipalName())).block(TIMEOUT);
	}

	static Authentication principal(String name) {
		return new TestingAuthenticationToken(name, null);
	}

	@Nullable OAuth2AuthorizedClient saved(String registrationId, String name) {
		return this.authorizedClients.loadAuthorizedClient(registrationId, name).block(TIMEOUT);
	}

	@Override
	public void close() {
		this.server.close();
	}

}
