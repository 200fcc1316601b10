package io.github.evertoken.redis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The keys of a {@link RedisTokenStore}: the first encrypts, all decrypt. Another one
 * makes the names of the records, and stays when the others are exchanged: with other
 * names nothing would be found.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class EncryptionKeys {

	private final Map<String, EncryptionKey> keys;

	private final EncryptionKey first;

	private final EncryptionKey names;

	private EncryptionKeys(Map<String, EncryptionKey> keys, EncryptionKey first, EncryptionKey names) {
		this.keys = Collections.unmodifiableMap(keys);
		this.first = first;
		this.names = names;
	}

	/**
	 * Use one key, for the names of the records too.
	 * @param key the key
	 * @return the keys
	 */
	public static EncryptionKeys of(EncryptionKey key) {
		return of(List.of(key), null);
	}

	/**
	 * Use several keys.
	 * @param keys the keys, of which the first encrypts, each with a name of its own
	 * @param names the key that makes the names of the records: the one that did when the
	 * first record was written; {@code null} if there is only one key, which then does
	 * @return the keys
	 * @throws IllegalArgumentException if there is none, if two have the same name, or if
	 * there are several and none that makes the names
	 */
	public static EncryptionKeys of(List<EncryptionKey> keys, @Nullable EncryptionKey names) {
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("There must be a key to encrypt with");
		}
		Map<String, EncryptionKey> byId = new LinkedHashMap<>();
		keys.forEach((key) -> {
			if (byId.putIfAbsent(key.id(), key) != null) {
				throw new IllegalArgumentException("There are two keys named '" + key.id() + "'");
			}
		});
		if (names == null && keys.size() > 1) {
			throw new IllegalArgumentException("There are several keys, and none that makes the names of the records");
		}
		return new EncryptionKeys(byId, keys.get(0), (names != null) ? names : keys.get(0));
	}

	/**
	 * Return the name of the key that encrypts.
	 * @return the name, no secret
	 */
	public String firstId() {
		return this.first.id();
	}

	/**
	 * Return the key that encrypts.
	 */
	EncryptionKey first() {
		return this.first;
	}

	@Nullable EncryptionKey get(String id) {
		return this.keys.get(id);
	}

	/**
	 * Return the key that makes names.
	 */
	EncryptionKey names() {
		return this.names;
	}

	/**
	 * The names of the keys alone.
	 */
	@Override
	public String toString() {
		return "EncryptionKeys" + this.keys.keySet();
	}

}
