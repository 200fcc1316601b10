package io.github.evertoken.boot.autoconfigure.security;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;

/**
 * Tells whether somebody has written a property, which its value does not tell where it
 * has a default.
 */
final class SetProperties {

	private static final ConfigurationPropertyName CLIENTS = ConfigurationPropertyName.of("evertoken.clients");

	private final Iterable<ConfigurationPropertySource> sources;

	private final ConfigurationPropertyName client;

	SetProperties(Environment environment, String client) {
		this.sources = ConfigurationPropertySources.get(environment);
		this.client = CLIENTS.append("[" + client + "]");
	}

	/**
	 * Tell whether a property is set, or an element of one that has several.
	 */
	boolean contain(String property) {
		ConfigurationPropertyName name = this.client.append(property);
		for (ConfigurationPropertySource source : this.sources) {
			if (source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
