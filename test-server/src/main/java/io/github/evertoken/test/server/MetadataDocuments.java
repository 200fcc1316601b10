package io.github.evertoken.test.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the server tells of itself (RFC 8414, section 2; OpenID Connect Discovery 1.0,
 * section 3).
 */
final class MetadataDocuments {

	private static final List<String> ALGORITHMS_OF_PROOFS = List.of("ES256", "ES384", "ES512", "RS256", "RS384",
			"RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519");

	private static final List<String> ALGORITHMS_OF_ASSERTIONS = Stream
		.concat(ALGORITHMS_OF_PROOFS.stream(), Stream.of("HS256", "HS384", "HS512"))
		.toList();

	private final ServerState state;

	MetadataDocuments(ServerState state) {
		this.state = state;
	}

	HttpAnswer answer(HttpRequest request, Map<String, ?> document) {
		if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
			return HttpAnswer.empty(405).with("Allow", "GET, HEAD");
		}
		return HttpAnswer.json(200, document);
	}

	HttpAnswer metadata(HttpRequest request) {
		String issuer = this.state.issuer();
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("issuer", issuer);
		document.put("authorization_endpoint", issuer + "/authorize");
		document.put("token_endpoint", issuer + ServerPaths.TOKEN);
		document.put("revocation_endpoint", issuer + ServerPaths.REVOCATION);
		document.put("jwks_uri", issuer + ServerPaths.JWKS);
		document.put("response_types_supported", List.of("code"));
		document.put("subject_types_supported", List.of("public"));
		document.put("id_token_signing_alg_values_supported", List.of("RS256"));
		document.put("grant_types_supported", List.of(TokenEndpoint.CLIENT_CREDENTIALS, TokenEndpoint.REFRESH_TOKEN,
				TokenEndpoint.TOKEN_EXCHANGE, TokenEndpoint.JWT_BEARER));
		document.put("token_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post",
				"client_secret_jwt", "private_key_jwt", "spiffe_jwt", "none"));
		document.put("token_endpoint_auth_signing_alg_values_supported", ALGORITHMS_OF_ASSERTIONS);
		document.put("dpop_signing_alg_values_supported", ALGORITHMS_OF_PROOFS);
		return answer(request, document);
	}

	HttpAnswer jwks(HttpRequest request) {
		return answer(request, this.state.key.jwks());
	}

}
