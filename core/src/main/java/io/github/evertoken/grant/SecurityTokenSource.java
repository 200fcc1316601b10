package io.github.evertoken.grant;

import io.github.evertoken.CredentialException;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.CredentialFile;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Where a security token comes from that is shown to the token endpoint: the subject or
 * the actor of a token exchange (RFC 8693, section 2.1), or an assertion (RFC 7523,
 * section 2.1).
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SecurityTokenSource {

	/**
	 * Return the token for one token request. It is asked anew for each.
	 * @param request what is wanted
	 * @return a {@code Mono} with the token, never empty; it must not block. Of its
	 * errors a {@link io.github.evertoken.TokenException} is taken as it is.
	 */
	Mono<String> token(TokenRequest request);

	/**
	 * Take the token that the key was made with, see
	 * {@link io.github.evertoken.TokenKey#onBehalfOf}. For a key without one a
	 * {@link ReauthenticationRequiredException} is the answer.
	 * @return the source
	 */
	static SecurityTokenSource ofKey() {
		return (request) -> Mono.justOrEmpty(request.key().subjectToken())
			.switchIfEmpty(Mono.error(() -> new ReauthenticationRequiredException(request.key(),
					"the key has no subject token", null, null, null)));
	}

	/**
	 * Read the token from a file, which whoever rotates it replaces. It is read for each
	 * token request, on a thread that may block. While the file cannot be read, requests
	 * fail with a {@link TransientTokenException}.
	 * @param file the file
	 * @return the source
	 */
	static SecurityTokenSource file(CredentialFile file) {
		return (request) -> Mono.fromSupplier(file)
			.subscribeOn(Schedulers.boundedElastic())
			.onErrorMap(CredentialException.class, (ex) -> new TransientTokenException(request.key(),
					"there is no token to show: " + ex.reason(), ex));
	}

}
