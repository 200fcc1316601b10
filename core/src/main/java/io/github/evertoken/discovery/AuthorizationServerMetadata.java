package io.github.evertoken.discovery;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import io.github.evertoken.http.EndpointUri;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization server says of itself (RFC 8414, section 2), as far as a client
 * without users needs it.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class AuthorizationServerMetadata {

	private final String issuerUri;

	private final URI tokenEndpoint;

	private final @Nullable URI revocationEndpoint;

	private final @Nullable URI mutualTlsTokenEndpoint;

	private final @Nullable URI mutualTlsRevocationEndpoint;

	private final List<String> tokenEndpointAuthMethodsSupported;

	private final List<String> dpopSigningAlgValuesSupported;

	private AuthorizationServerMetadata(Builder builder) {
		this.issuerUri = builder.issuerUri;
		this.tokenEndpoint = builder.tokenEndpoint;
		this.revocationEndpoint = builder.revocationEndpoint;
		this.mutualTlsTokenEndpoint = builder.mutualTlsTokenEndpoint;
		this.mutualTlsRevocationEndpoint = builder.mutualTlsRevocationEndpoint;
		this.tokenEndpointAuthMethodsSupported = builder.tokenEndpointAuthMethodsSupported;
		this.dpopSigningAlgValuesSupported = builder.dpopSigningAlgValuesSupported;
	}

	/**
	 * Start with what every authorization server has.
	 * @param issuerUri the issuer identifier
	 * @param tokenEndpoint the token endpoint: an absolute {@code http} or {@code https}
	 * URI without user information and fragment
	 * @return a builder
	 * @throws IllegalArgumentException if the endpoint is another
	 */
	public static Builder builder(String issuerUri, URI tokenEndpoint) {
		return new Builder(issuerUri, tokenEndpoint);
	}

	/**
	 * Return the issuer identifier.
	 * @return the {@code issuer}
	 */
	public String issuerUri() {
		return this.issuerUri;
	}

	/**
	 * Return the token endpoint.
	 * @return the {@code token_endpoint}
	 */
	public URI tokenEndpoint() {
		return this.tokenEndpoint;
	}

	/**
	 * Return the endpoint at which tokens are revoked (RFC 7009).
	 * @return the {@code revocation_endpoint}, or {@code null} if there is none
	 */
	public @Nullable URI revocationEndpoint() {
		return this.revocationEndpoint;
	}

	/**
	 * Return the token endpoint for clients that show a certificate (RFC 8705, section
	 * 5).
	 * @return the {@code token_endpoint} of the {@code mtls_endpoint_aliases}, or
	 * {@code null} if there is none: then such clients use the ordinary one
	 */
	public @Nullable URI mutualTlsTokenEndpoint() {
		return this.mutualTlsTokenEndpoint;
	}

	/**
	 * Return the revocation endpoint for clients that show a certificate (RFC 8705,
	 * section 5).
	 * @return the {@code revocation_endpoint} of the {@code mtls_endpoint_aliases}, or
	 * {@code null} if there is none: then such clients use the ordinary one
	 */
	public @Nullable URI mutualTlsRevocationEndpoint() {
		return this.mutualTlsRevocationEndpoint;
	}

	/**
	 * Return how clients may authenticate at the token endpoint.
	 * @return the {@code token_endpoint_auth_methods_supported}, unmodifiable; empty if
	 * the server does not say, which means {@code client_secret_basic} (RFC 8414, section
	 * 2)
	 */
	public List<String> tokenEndpointAuthMethodsSupported() {
		return this.tokenEndpointAuthMethodsSupported;
	}

	/**
	 * Return with which algorithms DPoP proofs may be signed (RFC 9449, section 5.1).
	 * @return the {@code dpop_signing_alg_values_supported}, unmodifiable; empty if the
	 * server does not say
	 */
	public List<String> dpopSigningAlgValuesSupported() {
		return this.dpopSigningAlgValuesSupported;
	}

	@Override
	public String toString() {
		return "AuthorizationServerMetadata[issuerUri=" + this.issuerUri + ", tokenEndpoint="
				+ EndpointUri.withoutUserInfoAndQuery(this.tokenEndpoint) + "]";
	}

	/**
	 * Builds an {@link AuthorizationServerMetadata}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final String issuerUri;

		private final URI tokenEndpoint;

		private @Nullable URI revocationEndpoint;

		private @Nullable URI mutualTlsTokenEndpoint;

		private @Nullable URI mutualTlsRevocationEndpoint;

		private List<String> tokenEndpointAuthMethodsSupported = List.of();

		private List<String> dpopSigningAlgValuesSupported = List.of();

		private Builder(String issuerUri, URI tokenEndpoint) {
			this.issuerUri = Objects.requireNonNull(issuerUri, "issuerUri");
			this.tokenEndpoint = EndpointUri.require(tokenEndpoint, "The token endpoint");
		}

		/**
		 * Set the revocation endpoint.
		 * @param revocationEndpoint an absolute {@code http} or {@code https} URI without
		 * user information and fragment, or {@code null} for none
		 * @return this builder
		 * @throws IllegalArgumentException if it is another
		 */
		public Builder revocationEndpoint(@Nullable URI revocationEndpoint) {
			this.revocationEndpoint = optional(revocationEndpoint, "The revocation endpoint");
			return this;
		}

		/**
		 * Set the token endpoint for clients that show a certificate.
		 * @param mutualTlsTokenEndpoint an absolute {@code http} or {@code https} URI
		 * without user information and fragment, or {@code null} for none
		 * @return this builder
		 * @throws IllegalArgumentException if it is another
		 */
		public Builder mutualTlsTokenEndpoint(@Nullable URI mutualTlsTokenEndpoint) {
			this.mutualTlsTokenEndpoint = optional(mutualTlsTokenEndpoint, "The token endpoint for mutual TLS");
			return this;
		}

		/**
		 * Set the revocation endpoint for clients that show a certificate.
		 * @param mutualTlsRevocationEndpoint an absolute {@code http} or {@code https}
		 * URI without user information and fragment, or {@code null} for none
		 * @return this builder
		 * @throws IllegalArgumentException if it is another
		 */
		public Builder mutualTlsRevocationEndpoint(@Nullable URI mutualTlsRevocationEndpoint) {
			this.mutualTlsRevocationEndpoint = optional(mutualTlsRevocationEndpoint,
					"The revocation endpoint for mutual TLS");
			return this;
		}

		private static @Nullable URI optional(@Nullable URI endpoint, String name) {
			return (endpoint != null) ? EndpointUri.require(endpoint, name) : null;
		}

		/**
		 * Set how clients may authenticate at the token endpoint.
		 * @param methods the methods; none by default
		 * @return this builder
		 */
		public Builder tokenEndpointAuthMethodsSupported(Collection<String> methods) {
			this.tokenEndpointAuthMethodsSupported = List.copyOf(methods);
			return this;
		}

		/**
		 * Set with which algorithms DPoP proofs may be signed.
		 * @param algorithms the JWS algorithms; none by default
		 * @return this builder
		 */
		public Builder dpopSigningAlgValuesSupported(Collection<String> algorithms) {
			this.dpopSigningAlgValuesSupported = List.copyOf(algorithms);
			return this;
		}

		/**
		 * Build the metadata.
		 * @return the metadata
		 */
		public AuthorizationServerMetadata build() {
			return new AuthorizationServerMetadata(this);
		}

	}

}
