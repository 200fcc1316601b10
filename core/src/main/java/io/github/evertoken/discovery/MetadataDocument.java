package io.github.evertoken.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;

import io.github.evertoken.Origin;
import io.github.evertoken.http.EndpointUri;
import io.github.evertoken.http.JsonObject;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an authorization server says of itself (RFC 8414, section 3.2). Whatever is
 * wrong with it is a {@link DiscoveryFailure} that only another configuration can help.
 */
final class MetadataDocument {

	private final String issuerUri;

	private final URI parsedIssuerUri;

	private final String location;

	private final JsonObject json;

	/**
	 * Take a document.
	 * @param issuerUri the issuer that it was found by
	 * @param location where it was found, fit to be printed
	 * @param json the document
	 */
	MetadataDocument(String issuerUri, String location, JsonObject json) {
		this.issuerUri = issuerUri;
		this.parsedIssuerUri = URI.create(issuerUri);
		this.location = location;
		this.json = json;
	}

	AuthorizationServerMetadata read() {
		requireIssuer();
		URI tokenEndpoint = endpoint(this.json.get("token_endpoint"), "token_endpoint");
		if (tokenEndpoint == null) {
			throw refused("has no token_endpoint");
		}
		Map<?, ?> aliases = aliases();
		return AuthorizationServerMetadata.builder(this.issuerUri, tokenEndpoint)
			.revocationEndpoint(endpoint(this.json.get("revocation_endpoint"), "revocation_endpoint"))
			.mutualTlsTokenEndpoint(
					endpoint(aliases.get("token_endpoint"), "token_endpoint among the mtls_endpoint_aliases"))
			.mutualTlsRevocationEndpoint(
					endpoint(aliases.get("revocation_endpoint"), "revocation_endpoint among the mtls_endpoint_aliases"))
			.tokenEndpointAuthMethodsSupported(strings("token_endpoint_auth_methods_supported"))
			.dpopSigningAlgValuesSupported(strings("dpop_signing_alg_values_supported"))
			.build();
	}

	/**
	 * RFC 8414, section 3.3: or else one server could pass for another.
	 */
	private void requireIssuer() {
		if (!(this.json.get("issuer") instanceof String named)) {
			throw refused("names no issuer");
		}
		if (!named.equals(this.issuerUri)) {
			throw refused("names the issuer '" + Redactor.printable(named) + "', which must be equal to the letter");
		}
	}

	private @Nullable URI endpoint(@Nullable Object value, String name) {
		if (value == null || value.equals("") || value.equals(false)) {
			return null;
		}
		try {
			URI endpoint = EndpointUri.require(new URI((String) value), "its " + name);
			if (!EndpointUri.isSecure(endpoint) && !mayBePlain(endpoint)) {
				throw refused("has a " + name + " without https: set token-uri to use such a one");
			}
			return endpoint;
		}
		catch (ClassCastException | URISyntaxException | IllegalArgumentException ex) {
			throw refused("has a " + name + " that is no absolute http or https URI");
		}
	}

	/**
	 * Whoever writes a plain issuer down accepts that, for this host (rule SE-5).
	 */
	private boolean mayBePlain(URI endpoint) {
		return !EndpointUri.isSecure(this.parsedIssuerUri)
				&& Origin.of(endpoint).host().equals(Origin.of(this.parsedIssuerUri).host());
	}

	private Map<?, ?> aliases() {
		Object aliases = this.json.get("mtls_endpoint_aliases");
		if (aliases == null) {
			return Map.of();
		}
		if (aliases instanceof Map<?, ?> map) {
			return map;
		}
		throw refused("has mtls_endpoint_aliases that are no JSON object");
	}

	private List<String> strings(String name) {
		Object value = this.json.get(name);
		if (value == null) {
			return List.of();
		}
		if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
			return list.stream().map(String.class::cast).toList();
		}
		throw refused("has " + name + " that are no list of strings");
	}

	private DiscoveryFailure refused(String what) {
		return DiscoveryFailure.refused(this.location + " " + what);
	}

}
