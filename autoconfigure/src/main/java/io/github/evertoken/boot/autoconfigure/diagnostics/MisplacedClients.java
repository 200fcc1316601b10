package io.github.evertoken.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds clients that are written where nobody reads them: below a misspelt
 * {@code evertoken}, or one that is indented too far. What is wrong below
 * {@code evertoken} itself stops the start; this could be somebody else's.
 */
final class MisplacedClients {

	private static final String PREFIX = KnownProperties.PREFIX.toString();

	private static final String CLIENTS = KnownProperties.CLIENTS.getElement(1, Form.DASHED);

	private MisplacedClients() {
	}

	/**
	 * Return the name of what was probably meant to be {@code evertoken.clients}, or
	 * {@code null}.
	 */
	static @Nullable String in(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				String found = iterable.stream()
					.map(MisplacedClients::in)
					.filter((name) -> name != null)
					.findFirst()
					.orElse(null);
				if (found != null) {
					return found;
				}
			}
		}
		return null;
	}

	private static @Nullable String in(ConfigurationPropertyName name) {
		// The name of a client and a property of it follow.
		for (int i = 0; i < name.getNumberOfElements() - 3; i++) {
			if (isMeant(name, i)) {
				return name.chop(i + 2).toString();
			}
		}
		return null;
	}

	private static boolean isMeant(ConfigurationPropertyName name, int at) {
		return NearestName.isNear(PREFIX, name.getElement(at, Form.UNIFORM))
				&& NearestName.isNear(CLIENTS, name.getElement(at + 1, Form.UNIFORM))
				&& !KnownProperties.CLIENTS.isAncestorOf(name);
	}

}
