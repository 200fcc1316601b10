package io.github.evertoken.redis;

import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A key with which a {@link RedisTokenStore} encrypts what rests in Redis, and its name.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class EncryptionKey {

	static final int BYTES = 32;

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

	private final String id;

	private final byte[] secret;

	private EncryptionKey(String id, byte[] secret) {
		this.id = id;
		this.secret = secret;
	}

	/**
	 * Create a key.
	 * @param id its name, which stands in the clear beside what is encrypted with it: up
	 * to 64 letters, digits, dots, underscores and dashes
	 * @param secret 32 random bytes in Base64, of either alphabet
	 * @return the key
	 * @throws IllegalArgumentException if one of them is none; the message does not
	 * repeat the secret
	 */
	public static EncryptionKey of(String id, String secret) {
		if (!isId(id)) {
			throw new IllegalArgumentException(
					"The name of a key must have 1 to 64 letters, digits, dots, underscores and dashes");
		}
		return new EncryptionKey(id, decode(secret));
	}

	/**
	 * Tell whether a text can be the name of a key.
	 * @param text the text
	 * @return whether it can
	 */
	public static boolean isId(String text) {
		return ID.matcher(text).matches();
	}

	private static byte[] decode(String secret) {
		byte[] bytes;
		try {
			bytes = Base64.getDecoder().decode(secret.strip().replace('-', '+').replace('_', '/'));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("must be 32 random bytes in Base64, but is no Base64");
		}
		if (bytes.length != BYTES) {
			throw new IllegalArgumentException("must be 32 random bytes in Base64, but is " + bytes.length + " bytes");
		}
		return bytes;
	}

	/**
	 * Return the name of the key.
	 * @return the name, no secret
	 */
	public String id() {
		return this.id;
	}

	byte[] secret() {
		return this.secret;
	}

	/**
	 * Never the secret.
	 */
	@Override
	public String toString() {
		return "EncryptionKey[" + this.id + "]";
	}

}
