package io.github.evertoken.discovery;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Knows the metadata of an authorization server, or finds it out.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AuthorizationServerMetadataSource {

	/**
	 * Return the metadata.
	 * @param key the token key that needs it, for the exception if it cannot be had
	 * @return a {@code Mono} with the metadata, never empty, or with a
	 * {@link io.github.evertoken.TokenException}; it must not block
	 */
	Mono<AuthorizationServerMetadata> metadata(TokenKey key);

	/**
	 * Return the metadata anew, because an endpoint that it named is not there any more.
	 * @param key the token key that needs it
	 * @param metadata what was returned before
	 * @return a {@code Mono} as that of {@link #metadata}, which it is by default
	 */
	default Mono<AuthorizationServerMetadata> renew(TokenKey key, AuthorizationServerMetadata metadata) {
		return metadata(key);
	}

	/**
	 * Return whose metadata it is.
	 * @return the issuer identifier, or {@code null}, as by default, if it is not known
	 * before the metadata is
	 */
	default @Nullable String issuerUri() {
		return null;
	}

	/**
	 * Return a source that asks the authorization server, at these locations in this
	 * order, until one has a document of this issuer that can be used:
	 * <ol>
	 * <li>{@code <issuer>/.well-known/openid-configuration} (OpenID Connect Discovery,
	 * section 4);</li>
	 * <li>{@code /.well-known/openid-configuration} between the issuer's host and path
	 * (RFC 8414, section 5);</li>
	 * <li>{@code /.well-known/oauth-authorization-server} there (RFC 8414, section
	 * 3.1).</li>
	 * </ol>
	 * A server that is not reached, or asks to be left alone, is not asked for the next.
	 * <p>
	 * It asks when it is needed for the first time, once for all who need it at that
	 * moment, and keeps what it found for a day, or until an endpoint of it is gone. Then
	 * it asks again; what it found last serves on if nothing better is found. A failure
	 * is told to those who have waited for it, and is then forgotten. It says what each
	 * location answered:
	 * <ul>
	 * <li>a {@link io.github.evertoken.TokenRefusedException} if none of them has a
	 * document, or one that names another issuer, or has no token endpoint that can be
	 * used: over TLS, unless the issuer itself is a plain {@code http} URI of the same
	 * host;</li>
	 * <li>a {@link io.github.evertoken.TransientTokenException} if the server was not
	 * reached or is out of order, or one of the answers was nothing that a metadata
	 * document could be.</li>
	 * </ul>
	 * No more than 64 KiB of an answer are read, and strictly.
	 * @param webClient the client for the authorization server, without Evertoken's
	 * filter
	 * @param issuerUri the issuer identifier: an absolute {@code http} or {@code https}
	 * URI without user information, query and fragment; it must be, to the letter, what
	 * the document names
	 * @return a source that is thread-safe
	 * @throws IllegalArgumentException if the issuer is another
	 */
	static AuthorizationServerMetadataSource discover(WebClient webClient, String issuerUri) {
		return new MetadataDiscovery(webClient, issuerUri);
	}

}
