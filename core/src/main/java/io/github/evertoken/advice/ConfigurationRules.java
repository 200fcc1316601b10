package io.github.evertoken.advice;

import org.jspecify.annotations.Nullable;

/**
 * Rules about what is configured.
 */
final class ConfigurationRules {

	private ConfigurationRules() {
	}

	static @Nullable String plainHttp(ClientFacts facts) {
		return facts.client().plainHttp().isEmpty() ? null
				: "Tokens or secrets of client '%s' go over the network unencrypted, for these properties have an http: URL: %s. Use https."
					.formatted(facts.name(), String.join(", ", facts.client().plainHttp()));
	}

	static @Nullable String plainSecrets(ClientFacts facts) {
		return facts.client().plainSecrets().isEmpty() ? null
				: "Secrets of client '%s' stand as they are in a configuration file, where a mounted file or the environment would do: %s."
					.formatted(facts.name(), String.join(", ", facts.client().plainSecrets()));
	}

}
