package io.github.evertoken.boot.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

/**
 * A key with which token sets are encrypted.
 *
 * @param id Name of the key, such as 2026-11, which stands in the clear beside what is
 * encrypted.
 * @param key The key, 32 random bytes in Base64.
 * @param keyLocation Location of a file with the key, such as
 * file:/run/secrets/evertoken-2026-11.
 * @since 0.1.0
 */
public record EncryptionKeyProperties(@Nullable String id, @Nullable String key, @Nullable String keyLocation) {

	/**
	 * Without the key, and without its location, where somebody may have written the key
	 * itself.
	 */
	@Override
	public String toString() {
		return "EncryptionKeyProperties[id=" + this.id + "]";
	}

}
