package io.github.evertoken.redis.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import io.github.evertoken.CredentialException;
import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.boot.autoconfigure.properties.EncryptionKeyProperties;
import io.github.evertoken.boot.autoconfigure.properties.EncryptionProperties;
import io.github.evertoken.redis.EncryptionKey;
import io.github.evertoken.redis.EncryptionKeys;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Makes keys out of properties and files. No message has a key in it.
 */
final class EncryptionKeysFactory {

	private static final String PREFIX = "evertoken.store.encryption.";

	private static final Pattern LOCATION = Pattern.compile("(file|classpath):[^\\p{Cntrl}]+");

	private static final String HOW = "32 random bytes in Base64, such as 'openssl rand -base64 32' makes";

	private final EncryptionProperties properties;

	private final ResourceLoader resourceLoader;

	private final List<String> problems;

	EncryptionKeysFactory(EncryptionProperties properties, ResourceLoader resourceLoader, List<String> problems) {
		this.properties = properties;
		this.resourceLoader = resourceLoader;
		this.problems = problems;
	}

	/**
	 * Make the keys.
	 * @return the keys, or {@code null} if something is wrong, which is reported then
	 */
	@Nullable EncryptionKeys create() {
		List<EncryptionKeyProperties> written = this.properties.keys();
		if (written.isEmpty()) {
			add("keys[0].key", "must be set, to " + HOW + ", or else " + PREFIX + "keys[0].key-location, to a file"
					+ " with them, and " + PREFIX + "keys[0].id, to a name of the key such as 2026-11: no token rests"
					+ " in Redis in the clear. Or set evertoken.store.type to 'memory'");
			return null;
		}
		List<EncryptionKey> keys = new ArrayList<>();
		for (int i = 0; i < written.size(); i++) {
			EncryptionKey key = key("keys[" + i + "].", written.get(i), keys);
			if (key != null) {
				keys.add(key);
			}
		}
		EncryptionKey names = names();
		return this.problems.isEmpty() ? EncryptionKeys.of(keys, names) : null;
	}

	private @Nullable EncryptionKey key(String name, EncryptionKeyProperties written, List<EncryptionKey> others) {
		String id = written.id();
		if (!StringUtils.hasText(id)) {
			add(name + "id", "must be set, to a name of the key such as 2026-11, which stands in the clear beside what"
					+ " is encrypted with it");
			return null;
		}
		if (others.stream().anyMatch((other) -> other.id().equals(id))) {
			add(name + "id", "is '" + id + "', as that of another key is; each needs a name of its own");
			return null;
		}
		if (!EncryptionKey.isId(id)) {
			add(name + "id",
					"must be a name of 1 to 64 letters, digits, dots, underscores and dashes, such as 2026-11");
			return null;
		}
		return read(name + "key", written.key(), name + "key-location", written.keyLocation(), id);
	}

	private @Nullable EncryptionKey names() {
		String key = this.properties.nameKey();
		String location = this.properties.nameKeyLocation();
		if (StringUtils.hasText(key) || StringUtils.hasText(location)) {
			return read("name-key", key, "name-key-location", location, "names");
		}
		if (this.properties.keys().size() > 1) {
			add("name-key", "must be set, or " + PREFIX + "name-key-location, once there are several keys: to the value"
					+ " of the one that was the only key before, which has made the names of the records that are"
					+ " there. It stays when that key is no more among the others");
		}
		return null;
	}

	private @Nullable EncryptionKey read(String property, @Nullable String key, String locationProperty,
			@Nullable String location, String id) {
		if (StringUtils.hasText(key) == StringUtils.hasText(location)) {
			add(property, StringUtils.hasText(key) ? "must not be set together with " + PREFIX + locationProperty
					: "must be set, to " + HOW + ", or else " + PREFIX + locationProperty + ", to a file with them");
			return null;
		}
		if (StringUtils.hasText(key)) {
			return parse(property, id, key);
		}
		String text = file(locationProperty, String.valueOf(location));
		return (text != null) ? parse(locationProperty, id, text) : null;
	}

	/**
	 * A location without its prefix is not repeated: it may be the key itself.
	 */
	private @Nullable String file(String property, String location) {
		if (!LOCATION.matcher(location).matches()) {
			add(property, "must be the location of a file, such as file:/run/secrets/evertoken-2026-11");
			return null;
		}
		try {
			return CredentialFile.of(PREFIX + property, this.resourceLoader.getResource(location)).get();
		}
		catch (CredentialException ex) {
			add(property, ex.problem());
			return null;
		}
	}

	private @Nullable EncryptionKey parse(String property, String id, String key) {
		try {
			return EncryptionKey.of(id, key);
		}
		catch (IllegalArgumentException ex) {
			add(property, Objects.requireNonNullElse(ex.getMessage(), "cannot be read"));
			return null;
		}
	}

	private void add(String property, String problem) {
		this.problems.add(PREFIX + property + ": " + problem);
	}

}
