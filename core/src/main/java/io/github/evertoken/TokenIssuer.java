package io.github.evertoken;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Obtains a token set: an OAuth 2.0 grant, or whatever a login endpoint of another kind
 * asks for. It is all that has to be written for one; sharing, caching, renewal, retries
 * and cooldown are the manager's.
 * <p>
 * The manager subscribes once to each returned {@code Mono}, never twice at a time for
 * one key, without any caller's Reactor Context, and cancels it when it exceeds the
 * response time-out. The {@code Mono} must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TokenIssuer {

	/**
	 * Obtain a token set.
	 * <p>
	 * If {@link TokenRequest#refreshToken()} is present and the issuer knows how to use
	 * it, the set is refreshed with it. An issuer that finds it refused answers with a
	 * {@link ReauthenticationRequiredException}: the manager then drops the refresh token
	 * and asks once more without it, in the same flight.
	 * @param request what is wanted
	 * @return a {@code Mono} with the token set, which must have an access token. Of its
	 * errors a {@link TokenException} is taken as it is; any other counts as transient,
	 * and so does an empty {@code Mono}. Of another one, callers and the log are told the
	 * class and those of its causes, and not the message, which may have a secret in it;
	 * that of a {@link CredentialException} is told.
	 */
	Mono<TokenSet> issue(TokenRequest request);

	/**
	 * Revoke a token set that was issued, so that nobody can use it any more. It is not
	 * held any longer when this is called. An issuer that cannot revoke does nothing,
	 * which is the default.
	 * @param key the key that held the token set
	 * @param tokens the token set, with an access token, a refresh token or both
	 * @return a {@code Mono} that completes when the token set is revoked. A
	 * {@link TransientTokenException} with a
	 * {@linkplain TransientTokenException#retryAfter() time to wait} is followed by
	 * another attempt.
	 */
	default Mono<Void> revoke(TokenKey key, TokenSet tokens) {
		return Mono.empty();
	}

	/**
	 * Return what identifies the endpoint that this issuer asks. Issuers of one endpoint
	 * share its cooldown: when it is out of order for one of them, it is for all.
	 * @return a value with {@code equals} and {@code hashCode}, which is never printed;
	 * {@code null}, as by default, if this issuer alone asks what it asks
	 */
	default @Nullable Object endpoint() {
		return null;
	}

}
