package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds the secrets of clients that stand as they are in a configuration file, from where
 * they get into a repository or an image. What comes out of a placeholder, a variable of
 * the environment, a mounted file or the command line is in none.
 */
public final class PlainSecrets {

	private static final List<String> OF_CLIENT = List.of("client-secret", "refresh-token", "client-assertion.key",
			"client-assertion.key-password", "assertion.key", "assertion.key-password", "dpop.key-password",
			"proxy.password");

	private static final String REGISTRATIONS = "spring.security.oauth2.client.registration.";

	private final Environment environment;

	/**
	 * Look at the properties of an application.
	 */
	public PlainSecrets(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Return the names of the properties of a client that have such a secret.
	 * @param client the name of the client
	 * @param registrationId the registration from which it takes what is not set for it,
	 * {@code null} if there is none
	 */
	public List<String> of(String client, @Nullable String registrationId) {
		Stream<String> own = OF_CLIENT.stream().map((name) -> ConfigurationProblems.prefix(client) + "." + name);
		Stream<String> registered = (registrationId != null)
				? Stream.of(REGISTRATIONS + registrationId + ".client-secret") : Stream.empty();
		return Stream.concat(own, registered).filter(this::isPlain).toList();
	}

	/**
	 * Tell whether a property of a client is such a secret.
	 */
	static boolean isOne(ConfigurationPropertyName name) {
		if (!KnownProperties.CLIENTS.isAncestorOf(name)) {
			return false;
		}
		ConfigurationPropertyName property = name.subName(KnownProperties.CLIENTS.getNumberOfElements() + 1);
		return OF_CLIENT.stream().map(ConfigurationPropertyName::of).anyMatch(property::equals);
	}

	private boolean isPlain(String name) {
		ConfigurationPropertyName property = ConfigurationPropertyName.adapt(name, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(property);
			if (found != null) {
				return source.getUnderlyingSource() instanceof OriginTrackedMapPropertySource
						&& !found.getValue().toString().contains("${") && !found.getValue().toString().isBlank();
			}
		}
		return false;
	}

}
