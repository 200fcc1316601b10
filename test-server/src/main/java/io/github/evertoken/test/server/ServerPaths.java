package io.github.evertoken.test.server;

import org.jspecify.annotations.Nullable;

/**
 * Where the endpoints are.
 */
final class ServerPaths {

	static final String TOKEN = "/token";

	static final String REVOCATION = "/revoke";

	static final String JWKS = "/jwks";

	static final String RESOURCE = "/api";

	static final String OPENID_CONFIGURATION = "/.well-known/openid-configuration";

	static final String OAUTH_METADATA = "/.well-known/oauth-authorization-server";

	private ServerPaths() {
	}

	/**
	 * Return the endpoint of a path, or {@code null} if there is none.
	 */
	static @Nullable Endpoint endpoint(String path) {
		return switch (path) {
			case TOKEN -> Endpoint.TOKEN;
			case REVOCATION -> Endpoint.REVOCATION;
			case JWKS -> Endpoint.JWKS;
			case OPENID_CONFIGURATION, OAUTH_METADATA -> Endpoint.METADATA;
			default -> (path.equals(RESOURCE) || path.startsWith(RESOURCE + "/")) ? Endpoint.RESOURCE : null;
		};
	}

}
