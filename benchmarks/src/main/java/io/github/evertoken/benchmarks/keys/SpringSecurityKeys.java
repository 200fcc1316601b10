package io.github.evertoken.benchmarks.keys;

import java.time.Instant;
import java.util.List;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.oauth2.client.InMemoryReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;

/**
 * The service that Spring Boot configures for Spring Security. It looks the client's
 * registration up at each call, in a repository that has one.
 */
final class SpringSecurityKeys implements KeyHolder {

	private final ClientRegistration registration = ClientRegistration.withRegistrationId(CLIENT)
		.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
		.clientId("orders")
		.tokenUri("https://idp.internal/token")
		.build();

	private final InMemoryReactiveOAuth2AuthorizedClientService service = new InMemoryReactiveOAuth2AuthorizedClientService(
			new InMemoryReactiveClientRegistrationRepository(this.registration));

	@Override
	public void put(String subject, String token, Instant issuedAt, Instant expiresAt) {
		OAuth2AccessToken accessToken = new OAuth2AccessToken(TokenType.BEARER, token, issuedAt, expiresAt);
		this.service
			.saveAuthorizedClient(new OAuth2AuthorizedClient(this.registration, subject, accessToken),
					UsernamePasswordAuthenticationToken.authenticated(subject, "", List.of()))
			.block();
	}

	@Override
	public boolean isUsable(String subject) {
		OAuth2AuthorizedClient client = this.service.loadAuthorizedClient(CLIENT, subject).block();
		Instant expiresAt = (client != null) ? client.getAccessToken().getExpiresAt() : null;
		return expiresAt != null && Instant.now().isBefore(expiresAt);
	}

}
