package io.github.evertoken.boot.autoconfigure.credential;

import java.util.function.Supplier;

import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.TokenEndpointRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Authenticates a client with a key that may be replaced at any time: the next request is
 * signed with the new one. One that cannot be used leaves the last one in use.
 */
final class UpdatedClientAuthentication implements ClientAuthentication {

	private static final Logger logger = LoggerFactory.getLogger(UpdatedClientAuthentication.class);

	private final String name;

	private final Supplier<ClientAuthentication> source;

	private volatile ClientAuthentication current;

	/**
	 * Create an authentication.
	 * @param name what the log calls the key
	 * @param source makes an authentication with the key that is there now
	 */
	UpdatedClientAuthentication(String name, Supplier<ClientAuthentication> source) {
		this.name = name;
		this.source = source;
		this.current = source.get();
	}

	@Override
	public Mono<Void> authenticate(TokenEndpointRequest request) {
		return Mono.defer(() -> this.current.authenticate(request));
	}

	/**
	 * Take the key that is there now.
	 */
	void update() {
		try {
			this.current = this.source.get();
			logger.info("{} has changed: the next token request is signed with its key", this.name);
		}
		catch (RuntimeException ex) {
			logger.warn("{} has changed, but cannot be used: it {}. The last one stays in use", this.name,
					(ex instanceof IllegalArgumentException) ? ex.getMessage()
							: "fails with " + ex.getClass().getName());
		}
	}

	@Override
	public String toString() {
		return "UpdatedClientAuthentication[" + this.name + "]";
	}

}
