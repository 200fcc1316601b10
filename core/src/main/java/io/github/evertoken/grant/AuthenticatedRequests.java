package io.github.evertoken.grant;

import java.util.Set;
import java.util.function.Function;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import reactor.core.publisher.Mono;

/**
 * Sends the requests in which a client has to prove who it is. One that is refused for
 * the client's sake is put together anew and sent once more, where the client would
 * authenticate otherwise by now: its secret has been replaced, for instance.
 */
final class AuthenticatedRequests {

	/**
	 * RFC 6749, section 5.2, has the first for a client that is not who it says. Keycloak
	 * answers the second to a wrong secret.
	 */
	private static final Set<String> CLIENT_REFUSED = Set.of("invalid_client", "unauthorized_client");

	private final ClientAuthentication clientAuthentication;

	AuthenticatedRequests(ClientAuthentication clientAuthentication) {
		this.clientAuthentication = clientAuthentication;
	}

	/**
	 * Send a request.
	 * @param key whose token it is about
	 * @param preparation puts the request together for one attempt, all but the
	 * authentication; it may be empty, and then nothing is sent
	 * @param exchange sends a request and reads what comes
	 */
	<T> Mono<T> send(TokenKey key, Mono<TokenEndpointRequest> preparation,
			Function<TokenEndpointRequest, Mono<T>> exchange) {
		Mono<TokenEndpointRequest> authenticated = preparation.flatMap(this::authenticate)
			.onErrorMap(CredentialException.class, (ex) -> new TransientTokenException(key,
					"the client cannot authenticate: " + ex.getMessage(), ex.getCause()));
		return authenticated.flatMap((request) -> exchange.apply(request)
			.onErrorResume(TokenRefusedException.class, (refused) -> remedy(request, refused)
				.flatMap((helps) -> helps ? authenticated.flatMap(exchange) : Mono.error(refused))));
	}

	private Mono<TokenEndpointRequest> authenticate(TokenEndpointRequest request) {
		return this.clientAuthentication.authenticate(request).thenReturn(request);
	}

	private static Mono<Boolean> remedy(TokenEndpointRequest request, TokenRefusedException refused) {
		return CLIENT_REFUSED.contains(String.valueOf(refused.error()))
				? request.remedy().onErrorReturn(false).defaultIfEmpty(false) : Mono.just(false);
	}

}
