package io.github.evertoken.dashboard;

import java.time.Duration;

import io.github.evertoken.AccessToken;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;

/**
 * An authorization server and a resource server that obey: tokens can be revoked, and the
 * authorization server can fail. Both may say what no server ought to.
 */
final class Issuer implements AutoCloseable {

	static final String SECRET = "planted-secret-4711";

	private static final String PLANTED = "{\"error\":\"temporarily_unavailable\",\"error_description\":\"planted "
			+ SECRET + "\"}";

	private final AuthorizationServer server = AuthorizationServer.forClients().register("orders", SECRET).withJwts();

	Issuer(int lifetimeSeconds) {
		this.server.accessTokenLifetime(Duration.ofSeconds(lifetimeSeconds));
	}

	String tokenUri() {
		return this.server.tokenUri();
	}

	/**
	 * Return the base URL of the resource.
	 */
	String url() {
		return this.server.resourceUri();
	}

	void revoke() {
		this.server.revokeAccessTokens();
	}

	/**
	 * Refuse the next token with a challenge that has it in it.
	 */
	void betray(AccessToken token) {
		this.server.disturb(Fault.status(401)
			.withHeader("WWW-Authenticate",
					"Bearer error=\"invalid_token\", error_description=\"no " + token.value() + "\"")
			.at(Endpoint.RESOURCE)
			.times(1));
	}

	void down(boolean down) {
		if (down) {
			this.server.disturb(Fault.answer(503, "application/json", PLANTED));
		}
		else {
			this.server.recover();
		}
	}

	@Override
	public void close() {
		this.server.close();
	}

}
