package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import io.github.evertoken.TokenSet;
import io.github.evertoken.samples.quickstart.former.FormerOrders;
import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * The orders service as it was before, with Spring Security's filter.
 */
record SpringSecurityContender(FormerOrders orders) implements Contender {

	private static final String SESSION = "session";

	/**
	 * The name of whoever calls without a user.
	 */
	private static final String NOBODY = "anonymousUser";

	@Override
	public String name() {
		return "spring security";
	}

	@Override
	public String credential(String ofOrders) {
		return "former-" + ofOrders;
	}

	@Override
	public Mono<String> report(long number) {
		return this.orders.inventory().report(number);
	}

	@Override
	public Mono<String> basketOf(String user) {
		return this.orders.inventory().basketOf(user);
	}

	@Override
	public ContinuousCaller caller() {
		return this.orders.caller();
	}

	@Override
	public Mono<String> reportsToken() {
		return this.orders.tokens()
			.loadAuthorizedClient("reports", NOBODY)
			.map((client) -> client.getAccessToken().getTokenValue());
	}

	@Override
	public Mono<Void> login(String user, TokenSet tokens) {
		Instant start = Objects.requireNonNull(tokens.obtainedAt());
		OAuth2AccessToken accessToken = new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER,
				Objects.requireNonNull(tokens.accessToken()), start,
				start.plus(Objects.requireNonNull(tokens.expiresIn())));
		return save(user, accessToken, new OAuth2RefreshToken(Objects.requireNonNull(tokens.refreshToken()), start));
	}

	@Override
	public Mono<Boolean> endAccessToken(String user) {
		return this.orders.tokens()
			.loadAuthorizedClient(SESSION, user)
			.filter((client) -> client.getRefreshToken() != null)
			.flatMap((client) -> save(user, ended(client.getAccessToken()), client.getRefreshToken()).thenReturn(true))
			.defaultIfEmpty(false);
	}

	private static OAuth2AccessToken ended(OAuth2AccessToken token) {
		Instant end = Instant.now().minus(Duration.ofSeconds(1));
		return new OAuth2AccessToken(token.getTokenType(), token.getTokenValue(), end.minus(Duration.ofHours(1)), end);
	}

	private Mono<Void> save(String user, OAuth2AccessToken accessToken, @Nullable OAuth2RefreshToken refreshToken) {
		return this.orders.registrations()
			.findByRegistrationId(SESSION)
			.flatMap((registration) -> this.orders.tokens()
				.saveAuthorizedClient(new OAuth2AuthorizedClient(registration, user, accessToken, refreshToken),
						UsernamePasswordAuthenticationToken.authenticated(user, "", AuthorityUtils.NO_AUTHORITIES)));
	}

}
