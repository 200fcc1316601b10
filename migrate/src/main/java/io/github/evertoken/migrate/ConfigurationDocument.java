package io.github.evertoken.migrate;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.PropertySource;

/**
 * A document of a configuration file.
 *
 * @param file the name of the file
 * @param condition when it is in effect
 * @param source what is in it
 * @param properties the same with its names in their uniform way
 */
record ConfigurationDocument(String file, Condition condition, PropertySource<?> source,
		IterableConfigurationPropertySource properties) {

	/**
	 * Return where a property stands.
	 */
	Place place(ConfigurationProperty property) {
		Origin origin = property.getOrigin();
		while (origin instanceof PropertySourceOrigin wrapper) {
			origin = wrapper.getOrigin();
		}
		return (origin instanceof TextResourceOrigin text && text.getLocation() != null)
				? Place.of(this.file, text.getLocation().getLine() + 1) : Place.of(this.file);
	}

}
