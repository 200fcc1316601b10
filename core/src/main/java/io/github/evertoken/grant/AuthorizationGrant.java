package io.github.evertoken.grant;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenRequest;
import reactor.core.publisher.Mono;

import org.springframework.util.MultiValueMap;

/**
 * What a client shows the token endpoint to be given an access token: an authorization
 * grant (RFC 6749, section 1.3), as the form parameters that stand for it.
 * <p>
 * The refresh token is no such grant: {@link OAuth2TokenIssuer} uses it by itself where
 * one is held, and this grant where none is.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AuthorizationGrant {

	/**
	 * Return the form parameters of one token request, {@code grant_type} among them. The
	 * scope, the client's authentication and the configured extra parameters are added by
	 * the issuer.
	 * <p>
	 * It is asked anew for each request, so that an assertion can be signed for it. Every
	 * value but the public ones ({@code grant_type}, {@code audience} and the like) is
	 * kept out of exceptions.
	 * @param request what is wanted
	 * @return a {@code Mono} with the parameters, never empty; it must not block. Of its
	 * errors a {@link io.github.evertoken.TokenException} is taken as it is.
	 */
	Mono<MultiValueMap<String, String>> parameters(TokenRequest request);

	/**
	 * Return the grant of a client that asks in its own name (RFC 6749, section 4.4).
	 * What it is granted is the service's own: for the key of a subject, who may have
	 * logged out a moment ago, a {@link ReauthenticationRequiredException} is the answer.
	 * @return the client credentials grant
	 */
	static AuthorizationGrant clientCredentials() {
		return (request) -> (request.key().subject() == null)
				? Mono.fromSupplier(() -> FormParameters.of("grant_type", "client_credentials"))
				: Mono.error(() -> new ReauthenticationRequiredException(request.key(),
						"no refresh token is held, and client_credentials would give the service's own token", null,
						null, null));
	}

	/**
	 * Return the grant of a client that has none of its own and lives on refresh tokens
	 * alone. Without one nobody is asked: a {@link ReauthenticationRequiredException} is
	 * the answer.
	 * @return a grant that is never granted
	 */
	static AuthorizationGrant refreshTokenOnly() {
		return (request) -> Mono.error(() -> new ReauthenticationRequiredException(request.key(),
				"no refresh token is held, and the client has no grant of its own", null, null, null));
	}

}
