package io.github.evertoken.grant;

import java.net.URI;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where tokens are revoked (RFC 7009).
 *
 * @param uri the endpoint, or {@code null} if the metadata is to tell it
 * @param issuer the issuer identifier of that endpoint, or {@code null} if it is not
 * known
 * @param metadata tells the endpoint, or {@code null} if nobody does
 * @param mutualTls whether the endpoint for mutual TLS is wanted (RFC 8705, section 5)
 */
record RevocationEndpoint(@Nullable URI uri, @Nullable String issuer,
		@Nullable AuthorizationServerMetadataSource metadata, boolean mutualTls) {

	/**
	 * Start a request to it.
	 * @return a {@code Mono} that is empty if there is no endpoint
	 */
	Mono<TokenEndpointRequest> newRequest(TokenKey key) {
		URI uri = uri();
		if (uri != null) {
			return Mono.fromSupplier(() -> new TokenEndpointRequest(uri, issuer()));
		}
		AuthorizationServerMetadataSource metadata = metadata();
		return (metadata != null) ? metadata.metadata(key).mapNotNull(this::newRequest) : Mono.empty();
	}

	private @Nullable TokenEndpointRequest newRequest(AuthorizationServerMetadata metadata) {
		URI alias = mutualTls() ? metadata.mutualTlsRevocationEndpoint() : null;
		URI endpoint = (alias != null) ? alias : metadata.revocationEndpoint();
		return (endpoint != null) ? new TokenEndpointRequest(endpoint, metadata.issuer()) : null;
	}

	/**
	 * Without the URI, whose query may have secrets in it.
	 */
	@Override
	public String toString() {
		return "RevocationEndpoint[issuer=" + this.issuer + ", mutualTls=" + this.mutualTls + "]";
	}

}
