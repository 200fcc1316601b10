package io.github.evertoken.boot.autoconfigure.credential;

import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.TokenEndpointRequest;
import reactor.core.publisher.Mono;

/**
 * Authenticates a client with a key that may be replaced at any time: the next request is
 * signed with the new one.
 */
final class UpdatedClientAuthentication implements ClientAuthentication {

	private final Updated<ClientAuthentication> current;

	UpdatedClientAuthentication(Updated<ClientAuthentication> current) {
		this.current = current;
	}

	@Override
	public Mono<Void> authenticate(TokenEndpointRequest request) {
		return Mono.defer(() -> this.current.get().authenticate(request));
	}

	@Override
	public String toString() {
		return "UpdatedClientAuthentication[" + this.current + "]";
	}

}
