package io.github.evertoken.security;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.endpoint.ErrorCodes;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.client.ClientAuthorizationRequiredException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;

/**
 * Obtains token sets from Spring Security's {@link ReactiveOAuth2AuthorizedClientManager}
 * for one of its registrations: whatever grants, parameters and client authentication it
 * has been given, they are used.
 * <p>
 * The principal is named after the subject. The manager must be able to work without a
 * {@code ServerWebExchange}, since no flight belongs to one:
 * {@code AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager} is.
 * <p>
 * What is asked for is up to the registration: a request that varies it is refused.
 * <p>
 * A {@code Retry-After} of the token endpoint is not known here, and neither is a status:
 * Spring Security keeps both to itself.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class AuthorizedClientManagerTokenIssuer implements TokenIssuer {

	// The manager renews a token only when it has expired by its own clock. A flight
	// means that another token is needed, whatever that clock says: the token may be due
	// or rejected. So the manager is shown a copy of the authorized client whose access
	// token has expired. The authorized client itself stays where it is, its refresh
	// token included, until the manager saves the next one over it: a flight that fails
	// or is cut off loses nothing.

	/**
	 * By this time of expiry a copy is known that the manager gives back as it was.
	 */
	private static final Instant EXPIRED = Instant.EPOCH;

	private static final String NO_TOKEN = "none";

	private final ReactiveOAuth2AuthorizedClientManager manager;

	private final ReactiveOAuth2AuthorizedClientService authorizedClients;

	private final ReactiveClientRegistrationRepository registrations;

	private final String registrationId;

	/**
	 * Create an issuer.
	 * @param manager what obtains the tokens
	 * @param authorizedClients where it keeps the authorized clients
	 * @param registrations the registrations
	 * @param registrationId the registration to use
	 */
	public AuthorizedClientManagerTokenIssuer(ReactiveOAuth2AuthorizedClientManager manager,
			ReactiveOAuth2AuthorizedClientService authorizedClients, ReactiveClientRegistrationRepository registrations,
			String registrationId) {
		this.manager = Objects.requireNonNull(manager, "manager");
		this.authorizedClients = Objects.requireNonNull(authorizedClients, "authorizedClients");
		this.registrations = Objects.requireNonNull(registrations, "registrations");
		this.registrationId = Objects.requireNonNull(registrationId, "registrationId");
	}

	@Override
	public Mono<TokenSet> issue(TokenRequest request) {
		if (!request.key().parameters().isEmpty() || request.key().subjectToken() != null) {
			return Mono.error(() -> refused(request.key(),
					"what a request asks for itself cannot be had from Spring Security's authorized client manager"));
		}
		return this.registrations.findByRegistrationId(this.registrationId)
			.switchIfEmpty(Mono.error(
					() -> refused(request.key(), "Spring Security has no registration '" + this.registrationId + "'")))
			.flatMap((registration) -> issue(request, registration));
	}

	private Mono<TokenSet> issue(TokenRequest request, ClientRegistration registration) {
		TokenKey key = request.key();
		if (key.subject() != null
				&& AuthorizationGrantType.CLIENT_CREDENTIALS.equals(registration.getAuthorizationGrantType())) {
			return Mono.error(() -> reauthentication(key, "client_credentials would give the service's own token"));
		}
		return this.authorizedClients.loadAuthorizedClient(this.registrationId, AuthorizedClients.principalName(key))
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((known) -> issue(request, registration, known.orElse(null)));
	}

	private Mono<TokenSet> issue(TokenRequest request, ClientRegistration registration,
			@Nullable OAuth2AuthorizedClient known) {
		TokenKey key = request.key();
		OAuth2RefreshToken refreshToken = refreshToken(request, known);
		List<String> secrets = secrets(registration, known, refreshToken);
		OAuth2AuthorizeRequest authorizeRequest = ((known != null || refreshToken != null)
				? OAuth2AuthorizeRequest.withAuthorizedClient(expired(key, registration, known, refreshToken))
				: OAuth2AuthorizeRequest.withClientRegistrationId(this.registrationId))
			.principal(AuthorizedClients.principal(key))
			.build();
		Instant requestedAt = Instant.now();
		return Mono.defer(() -> this.manager.authorize(authorizeRequest))
			.switchIfEmpty(Mono.error(() -> unserved(key, registration)))
			.map((authorized) -> tokenSet(key, authorized, requestedAt))
			.onErrorMap((ex) -> !(ex instanceof TokenException),
					(ex) -> failure(key, refreshToken != null, ex, secrets));
	}

	/**
	 * What rests with the authorized client is at least as new as what the key holds: the
	 * manager saves there, and another one may have done so.
	 */
	private static @Nullable OAuth2RefreshToken refreshToken(TokenRequest request,
			@Nullable OAuth2AuthorizedClient known) {
		if (known != null && known.getRefreshToken() != null) {
			return known.getRefreshToken();
		}
		return (request.refreshToken() != null) ? new OAuth2RefreshToken(request.refreshToken(), null) : null;
	}

	private static OAuth2AuthorizedClient expired(TokenKey key, ClientRegistration registration,
			@Nullable OAuth2AuthorizedClient known, @Nullable OAuth2RefreshToken refreshToken) {
		OAuth2AccessToken accessToken = (known != null)
				? new OAuth2AccessToken(known.getAccessToken().getTokenType(), known.getAccessToken().getTokenValue(),
						EXPIRED.minusSeconds(1), EXPIRED, known.getAccessToken().getScopes())
				: new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, NO_TOKEN, EXPIRED.minusSeconds(1), EXPIRED);
		return new OAuth2AuthorizedClient(registration, AuthorizedClients.principalName(key), accessToken,
				refreshToken);
	}

	/**
	 * Spring Security counts a lifetime from the response on; it began before.
	 */
	private static TokenSet tokenSet(TokenKey key, OAuth2AuthorizedClient authorized, Instant requestedAt) {
		if (EXPIRED.equals(authorized.getAccessToken().getExpiresAt())) {
			throw (authorized.getRefreshToken() != null)
					? refused(key,
							"Spring Security's authorized client manager cannot refresh; give it a provider that can")
					: reauthentication(key, "no refresh token is held, and the registration has no other way");
		}
		try {
			TokenSet tokens = AuthorizedClients.tokenSet(authorized);
			boolean known = tokens.obtainedAt() != null && tokens.obtainedAt().isBefore(requestedAt);
			return known ? tokens : tokens.mutate().obtainedAt(requestedAt).build();
		}
		catch (IllegalArgumentException ex) {
			throw refused(key, "the access token is no safe header value");
		}
	}

	private TokenException unserved(TokenKey key, ClientRegistration registration) {
		return AuthorizationGrantType.AUTHORIZATION_CODE.equals(registration.getAuthorizationGrantType())
				? notLoggedIn(key)
				: refused(key, "Spring Security's authorized client manager has no provider that serves registration '"
						+ this.registrationId + "'");
	}

	private TokenException notLoggedIn(TokenKey key) {
		return reauthentication(key, "nobody has logged in with registration '" + this.registrationId + "'");
	}

	private TokenException failure(TokenKey key, boolean refreshed, Throwable failure, List<String> secrets) {
		if (failure instanceof ClientAuthorizationRequiredException) {
			return notLoggedIn(key);
		}
		if (failure instanceof OAuth2AuthorizationException ex) {
			return ErrorCodes.failure(key, refreshed, "Spring Security's authorized client manager could not obtain it",
					ex.getError().getErrorCode(), ex.getError().getDescription(), secrets);
		}
		return new TransientTokenException(key, "Spring Security's authorized client manager failed with "
				+ failure.getClass().getSimpleName() + ": " + ioFailure(failure), null);
	}

	/**
	 * The message of an I/O exception names hosts; that of any other may quote what was
	 * to be sent.
	 */
	private static String ioFailure(Throwable failure) {
		return (failure.getCause() instanceof IOException ex) ? ex.getClass().getSimpleName() + ", " + ex.getMessage()
				: "see what it is configured with";
	}

	private static List<String> secrets(ClientRegistration registration, @Nullable OAuth2AuthorizedClient known,
			@Nullable OAuth2RefreshToken refreshToken) {
		List<String> secrets = new ArrayList<>();
		secrets.add(registration.getClientSecret());
		if (known != null) {
			secrets.add(known.getAccessToken().getTokenValue());
		}
		if (refreshToken != null) {
			secrets.add(refreshToken.getTokenValue());
		}
		return secrets;
	}

	private static TokenRefusedException refused(TokenKey key, String reason) {
		return new TokenRefusedException(key, reason, null, null, null);
	}

	private static ReauthenticationRequiredException reauthentication(TokenKey key, String reason) {
		return new ReauthenticationRequiredException(key, reason, null, null, null);
	}

	@Override
	public String toString() {
		return "AuthorizedClientManagerTokenIssuer[" + this.registrationId + "]";
	}

}
