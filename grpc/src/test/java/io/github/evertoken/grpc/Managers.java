package io.github.evertoken.grpc;

import java.net.URI;
import java.time.Duration;

import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenManagerBuilder;
import io.github.evertoken.test.server.AuthorizationServer;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Managers of the tokens of an authorization server.
 */
final class Managers {

	private Managers() {
	}

	/**
	 * Create a manager, whose patience is longer than that of any test.
	 * @param server issues the tokens, to its client {@code inventory}
	 * @param clients the names of the clients that share that one
	 */
	static DefaultTokenManager of(AuthorizationServer server, String... clients) {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(WebClient.create())
			.tokenUri(URI.create(server.tokenUri()))
			.clientAuthentication(ClientAuthentication.clientSecretBasic("inventory", server.clientSecret("inventory")))
			.build();
		TokenManagerBuilder builder = DefaultTokenManager.builder();
		for (String client : clients) {
			builder.client(ClientSettings.of(client, issuer)
				.responseTimeout(Duration.ofMinutes(5))
				.maxWait(Duration.ofMinutes(5))
				.patience(Duration.ofMillis(100))
				.build());
		}
		return builder.build();
	}

}
