package io.github.evertoken.boot.autoconfigure.client;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;

/**
 * Stands for Spring Security where it is not on the class path.
 */
final class NoRegistrationSource implements RegistrationSource {

	@Override
	public @Nullable ClientProperties complete(String name, ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		if (RegistrationSource.isUsed(client, problems)) {
			problems.add("registration-id",
					"needs Spring Security's OAuth 2 client, which is not on the class path; add the dependency "
							+ DEPENDENCY + ", or set " + problems.name("token-uri") + ", client-id and client-secret");
		}
		return problems.isEmpty() ? client : null;
	}

	@Override
	public @Nullable TokenIssuer issuer(String name, ClientProperties client, ConfigurationProblems.OfClient problems) {
		return null;
	}

	@Override
	public @Nullable TokenStore store(ClientProperties client, ConfigurationProblems.OfClient problems) {
		return null;
	}

}
