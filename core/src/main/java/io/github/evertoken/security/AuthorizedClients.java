package io.github.evertoken.security;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * Turns Spring Security's authorized clients into token sets and back.
 *
 * @since 0.1.0
 */
public final class AuthorizedClients {

	/**
	 * What Spring Security writes down as the lifetime of a token for which the response
	 * named none. A token that really lives for one second looks the same; it is told by
	 * its {@code exp} if it is a JWT, and by its first 401 otherwise.
	 */
	private static final Duration UNNAMED = Duration.ofSeconds(1);

	private AuthorizedClients() {
	}

	/**
	 * Return the token set of an authorized client. It is for whoever keeps authorized
	 * clients where no {@link AuthorizedClientTokenStore} reaches them, such as in a web
	 * session, and puts them in at the login.
	 * @param client the authorized client
	 * @return its token set
	 * @throws IllegalArgumentException if its access token is no safe header value
	 */
	public static TokenSet tokenSet(OAuth2AuthorizedClient client) {
		OAuth2AccessToken accessToken = client.getAccessToken();
		OAuth2RefreshToken refreshToken = client.getRefreshToken();
		Instant obtainedAt = accessToken.getIssuedAt();
		return TokenSet.withAccessToken(accessToken.getTokenValue())
			.tokenType(accessToken.getTokenType().getValue())
			.obtainedAt(obtainedAt)
			.expiresIn(lifetime(obtainedAt, accessToken.getExpiresAt()))
			.refreshToken((refreshToken != null) ? refreshToken.getTokenValue() : null)
			.refreshTokenExpiresAt((refreshToken != null) ? refreshToken.getExpiresAt() : null)
			.build();
	}

	private static @Nullable Duration lifetime(@Nullable Instant obtainedAt, @Nullable Instant expiresAt) {
		if (obtainedAt == null || expiresAt == null) {
			return null;
		}
		Duration lifetime = Duration.between(obtainedAt, expiresAt);
		return lifetime.equals(UNNAMED) ? null : lifetime;
	}

	/**
	 * Return the authorized client of a token set.
	 * @param tokens a token set that has an access token and was obtained at a known time
	 */
	static OAuth2AuthorizedClient of(TokenSet tokens, ClientRegistration registration, String principal,
			Set<String> scopes) {
		String accessToken = tokens.accessToken();
		Instant obtainedAt = tokens.obtainedAt();
		if (accessToken == null || obtainedAt == null) {
			throw new IllegalArgumentException("An authorized client must have an access token with its time");
		}
		Duration lifetime = (tokens.expiresIn() != null) ? tokens.expiresIn() : UNNAMED;
		String refreshToken = tokens.refreshToken();
		Instant refreshEnd = tokens.refreshTokenExpiresAt();
		Instant credibleEnd = (refreshEnd != null && refreshEnd.isAfter(obtainedAt)) ? refreshEnd : null;
		return new OAuth2AuthorizedClient(registration, principal,
				new OAuth2AccessToken(new TokenType(tokens.tokenType()), accessToken, obtainedAt,
						obtainedAt.plus(lifetime), scopes),
				(refreshToken != null) ? new OAuth2RefreshToken(refreshToken, obtainedAt, credibleEnd) : null);
	}

	/**
	 * Return the name of the principal in whose name the authorized client of a key is
	 * held. That of the service itself is nobody's who logs in.
	 */
	static String principalName(TokenKey key) {
		return (key.subject() != null) ? key.subject() : "evertoken:" + key.client();
	}

	/**
	 * Return a principal who is known by name alone.
	 */
	static Authentication principal(TokenKey key) {
		return UsernamePasswordAuthenticationToken.unauthenticated(principalName(key), null);
	}

}
