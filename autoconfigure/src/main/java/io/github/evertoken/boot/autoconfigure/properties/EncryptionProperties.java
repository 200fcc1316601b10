package io.github.evertoken.boot.autoconfigure.properties;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How token sets are encrypted that rest outside of the application.
 *
 * @param keys Keys of which the first encrypts and all decrypt. Each has an id, which
 * stands in the clear beside what is encrypted with it, and a key, 32 random bytes in
 * Base64, or a key-location, a file with it.
 * @param nameKey Key that makes the names of the records, 32 bytes in Base64. By default
 * the only one of the keys. Required once there are several: the one that was the only
 * one until then, for with another one no record is found.
 * @param nameKeyLocation Location of a file with the key that makes the names, such as
 * file:/run/secrets/evertoken-names.
 * @since 0.1.0
 */
public record EncryptionProperties(@DefaultValue List<EncryptionKeyProperties> keys, @Nullable String nameKey,
		@Nullable String nameKeyLocation) {

	/**
	 * Take a copy of the keys.
	 */
	public EncryptionProperties {
		keys = List.copyOf(keys);
	}

	/**
	 * Without the key that makes names, and without its location, where somebody may have
	 * written the key itself.
	 */
	@Override
	public String toString() {
		return "EncryptionProperties[keys=" + this.keys + "]";
	}

}
