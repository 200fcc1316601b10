package io.github.evertoken.endpoint;

import java.net.URI;
import java.util.Objects;

import io.github.evertoken.TokenKey;
import io.github.evertoken.discovery.AuthorizationServerMetadata;
import io.github.evertoken.discovery.AuthorizationServerMetadataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where tokens are asked for (RFC 6749, section 3.2), and where they are revoked (RFC
 * 7009): each is configured, or else told by the metadata of the authorization server.
 */
final class Endpoints {

	private final @Nullable URI tokenUri;

	private final @Nullable URI revocationUri;

	private final @Nullable String issuerUri;

	private final @Nullable AuthorizationServerMetadataSource metadata;

	private final boolean mutualTls;

	/**
	 * Take what is known.
	 * @param tokenUri the token endpoint, or {@code null} if the metadata is to tell it
	 * @param revocationUri the revocation endpoint, or {@code null} if the metadata is to
	 * tell it, if that has one
	 * @param issuerUri the issuer identifier, or {@code null} if it is not known
	 * @param metadata tells what is not configured, or {@code null} if nobody does
	 * @param mutualTls whether the endpoints for mutual TLS are wanted (RFC 8705, section
	 * 5)
	 */
	Endpoints(@Nullable URI tokenUri, @Nullable URI revocationUri, @Nullable String issuerUri,
			@Nullable AuthorizationServerMetadataSource metadata, boolean mutualTls) {
		this.tokenUri = (metadata != null) ? tokenUri : Objects.requireNonNull(tokenUri, "tokenUri");
		this.revocationUri = revocationUri;
		this.issuerUri = issuerUri;
		this.metadata = metadata;
		this.mutualTls = mutualTls;
	}

	/**
	 * Return what identifies the token endpoint.
	 */
	Object identity() {
		if (this.tokenUri != null) {
			return this.tokenUri;
		}
		String issuerUri = source().issuerUri();
		return (issuerUri != null) ? issuerUri : source();
	}

	/**
	 * Start a request to the token endpoint.
	 */
	Mono<PreparedRequest> token(TokenKey key) {
		URI tokenUri = this.tokenUri;
		return (tokenUri != null) ? Mono.fromSupplier(() -> new PreparedRequest(tokenUri, tokenUri, this.issuerUri))
				: source().metadata(key).map((metadata) -> {
					URI endpoint = tokenEndpoint(metadata);
					PreparedRequest request = new PreparedRequest(endpoint, endpoint, metadata.issuerUri());
					request.onGone(Mono.defer(() -> source().renew(key, metadata))
						.map((renewed) -> !tokenEndpoint(renewed).equals(endpoint)));
					return request;
				});
	}

	/**
	 * Start a request to the revocation endpoint.
	 * @return a {@code Mono} that is empty if there is none
	 */
	Mono<PreparedRequest> revocation(TokenKey key) {
		URI revocationUri = this.revocationUri;
		if (revocationUri == null && this.metadata == null) {
			return Mono.empty();
		}
		return (revocationUri != null && this.tokenUri != null)
				? Mono.fromSupplier(() -> new PreparedRequest(revocationUri, this.tokenUri, this.issuerUri))
				: source().metadata(key).mapNotNull(this::revocation);
	}

	private @Nullable PreparedRequest revocation(AuthorizationServerMetadata metadata) {
		URI alias = this.mutualTls ? metadata.mutualTlsRevocationEndpoint() : null;
		URI told = (alias != null) ? alias : metadata.revocationEndpoint();
		URI endpoint = (this.revocationUri != null) ? this.revocationUri : told;
		return (endpoint != null) ? new PreparedRequest(endpoint,
				(this.tokenUri != null) ? this.tokenUri : tokenEndpoint(metadata), metadata.issuerUri()) : null;
	}

	private URI tokenEndpoint(AuthorizationServerMetadata metadata) {
		URI alias = this.mutualTls ? metadata.mutualTlsTokenEndpoint() : null;
		return (alias != null) ? alias : metadata.tokenEndpoint();
	}

	private AuthorizationServerMetadataSource source() {
		return Objects.requireNonNull(this.metadata);
	}

}
