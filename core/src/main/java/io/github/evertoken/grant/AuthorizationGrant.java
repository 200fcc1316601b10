package io.github.evertoken.grant;

import java.net.URI;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.util.MultiValueMap;

/**
 * What a client shows the token endpoint to be given an access token: an authorization
 * grant (RFC 6749, section 1.3), as the form parameters that stand for it.
 * <p>
 * The refresh token is no such grant:
 * {@link io.github.evertoken.endpoint.OAuth2TokenIssuer} uses it by itself where one is
 * held, and this grant where none is.
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
	 * Tell whether an error of the token endpoint (RFC 6749, section 5.2) means that what
	 * this grant has shown on behalf of a subject is worth nothing, so that somebody must
	 * log in again. What a client grants itself, for a key without a subject, is refused
	 * instead: no log-in can help there.
	 * @param error the error code
	 * @param description the description of the error, or {@code null} if there is none
	 * @return whether it does; {@code invalid_grant}, and what OpenID Connect has for
	 * users who have to do something (OpenID Connect Core, section 3.1.2.6), does by
	 * default
	 */
	default boolean isRefusedWith(String error, @Nullable String description) {
		return switch (error) {
			case "invalid_grant", "login_required", "interaction_required", "consent_required",
					"account_selection_required" ->
				true;
			default -> false;
		};
	}

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

	/**
	 * Return the grant of a client that shows a JWT as an assertion (RFC 7523, section
	 * 2.1) which it was given. See {@link JwtBearerGrant} for one that it signs itself.
	 * @param assertion where the assertion comes from
	 * @return the JWT bearer grant
	 */
	static AuthorizationGrant jwtBearer(SecurityTokenSource assertion) {
		return (request) -> assertion.token(request).map((jwt) -> {
			MultiValueMap<String, String> form = FormParameters.of("grant_type",
					"urn:ietf:params:oauth:grant-type:jwt-bearer");
			form.set("assertion", jwt);
			return form;
		});
	}

	/**
	 * Return the grant of a client that exchanges a token for its own (RFC 8693, section
	 * 2.1), on behalf of whom that token stands for. Audience, resource and
	 * {@code requested_token_type} are
	 * {@linkplain io.github.evertoken.endpoint.OAuth2TokenIssuer.Builder#parameters(io.github.evertoken.TokenParameters)
	 * parameters} like others.
	 * @param subjectToken where the token comes from that is exchanged
	 * @param subjectTokenType its type, a URI of RFC 8693, section 3
	 * @return the token exchange grant, without an actor
	 */
	static AuthorizationGrant tokenExchange(SecurityTokenSource subjectToken, URI subjectTokenType) {
		return new TokenExchangeGrant(subjectToken, subjectTokenType);
	}

	/**
	 * Return the grant of a client that exchanges a token for its own, in which it is
	 * named as the one who acts (RFC 8693, section 1.1, delegation).
	 * @param subjectToken where the token comes from that is exchanged
	 * @param subjectTokenType its type, a URI of RFC 8693, section 3
	 * @param actorToken where the token comes from that stands for who acts
	 * @param actorTokenType its type
	 * @return the token exchange grant with an actor
	 */
	static AuthorizationGrant tokenExchange(SecurityTokenSource subjectToken, URI subjectTokenType,
			SecurityTokenSource actorToken, URI actorTokenType) {
		return new TokenExchangeGrant(subjectToken, subjectTokenType, actorToken, actorTokenType);
	}

}
