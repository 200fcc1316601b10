package io.github.evertoken.endpoint;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.authentication.ClientAuthentication;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sends the requests in which a client has to prove who it is. One that is refused for
 * the client's sake is put together anew and sent once more, where the client would
 * authenticate otherwise by now: its secret has been replaced, for instance. So is one
 * whose endpoint is elsewhere by now.
 */
final class AuthenticatedRequests {

	/**
	 * RFC 6749, section 5.2, has the first for a client that is not who it says. Keycloak
	 * answers the second to a wrong secret.
	 */
	private static final Set<String> CLIENT_REFUSED = Set.of("invalid_client", "unauthorized_client");

	private final ClientAuthentication clientAuthentication;

	private final Map<String, FailureKind> told;

	/**
	 * Take how a client proves who it is.
	 * @param told what the user has told about error codes
	 */
	AuthenticatedRequests(ClientAuthentication clientAuthentication, Map<String, FailureKind> told) {
		this.clientAuthentication = clientAuthentication;
		this.told = told;
	}

	/**
	 * Send a request.
	 * @param key whose token it is about
	 * @param preparation puts the request together for one attempt, all but the
	 * authentication; it may be empty, and then nothing is sent
	 * @param exchange sends a request and reads what comes
	 */
	<T> Mono<T> send(TokenKey key, Mono<PreparedRequest> preparation, Function<PreparedRequest, Mono<T>> exchange) {
		Mono<PreparedRequest> authenticated = preparation.flatMap((request) -> authenticate(key, request));
		return authenticated.flatMap((request) -> exchange.apply(request)
			.onErrorResume(TokenException.class, (failure) -> remedy(request, failure)
				.flatMap((helps) -> helps ? authenticated.flatMap(exchange) : Mono.error(failure))));
	}

	private Mono<PreparedRequest> authenticate(TokenKey key, PreparedRequest request) {
		return Mono.defer(() -> this.clientAuthentication.authenticate(request))
			.thenReturn(request)
			.onErrorMap((ex) -> UserCodeFailure.of(key, "the client cannot authenticate",
					"the client's ClientAuthentication", ex));
	}

	private Mono<Boolean> remedy(PreparedRequest request, TokenException failure) {
		Mono<Boolean> remedy = Mono.just(false);
		if (request.transmission().isEndpointGone()) {
			remedy = request.relocation();
		}
		else if (failure instanceof TokenRefusedException && isClientRefused(failure.error())) {
			remedy = request.remedy();
		}
		return remedy.onErrorReturn(false).defaultIfEmpty(false);
	}

	/**
	 * Without a code a client is refused by its status, as some gateways do.
	 */
	private boolean isClientRefused(@Nullable String error) {
		return error == null || CLIENT_REFUSED.contains(error) || this.told.get(error) == FailureKind.REFUSED;
	}

}
