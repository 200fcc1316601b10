package io.github.evertoken.redis;

import java.util.Base64;
import java.util.List;

/**
 * Keys of tests.
 */
final class TestKeys {

	static final EncryptionKey FIRST = key("first", 1);

	static final EncryptionKey SECOND = key("second", 2);

	static final EncryptionKeys ONE = EncryptionKeys.of(FIRST);

	private TestKeys() {
	}

	static EncryptionKey key(String id, int seed) {
		return EncryptionKey.of(id, secret(seed));
	}

	static String secret(int seed) {
		byte[] bytes = new byte[EncryptionKey.BYTES];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) (31 * seed + 7 * i);
		}
		return Base64.getEncoder().encodeToString(bytes);
	}

	static EncryptionKeys of(EncryptionKey... keys) {
		return EncryptionKeys.of(List.of(keys), FIRST);
	}

}
