package io.github.evertoken.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * A keyed hash, HMAC with SHA-256 (RFC 2104), of several texts, of which any may be
 * absent. No two lists of texts are the same to it.
 */
final class Digest {

	private static final String ALGORITHM = "HmacSHA256";

	/**
	 * Of a hash that names something, so much is kept: no two names collide in a store of
	 * any size.
	 */
	private static final int NAME_BYTES = 16;

	private final SecretKeySpec key;

	/**
	 * Create a hash that shares its key with others of another purpose.
	 */
	Digest(byte[] secret, String purpose) {
		this.key = new SecretKeySpec(hash(new SecretKeySpec(secret, ALGORITHM), List.of(purpose)), ALGORITHM);
	}

	byte[] of(List<? extends @Nullable String> texts) {
		return hash(this.key, texts);
	}

	/**
	 * Return a hash as a short text of letters, digits, dashes and underscores.
	 */
	String name(List<? extends @Nullable String> texts) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(of(texts), NAME_BYTES));
	}

	private static byte[] hash(SecretKeySpec key, List<? extends @Nullable String> texts) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(key);
			for (String text : texts) {
				byte[] bytes = (text != null) ? text.getBytes(StandardCharsets.UTF_8) : null;
				mac.update(ByteBuffer.allocate(Integer.BYTES).putInt((bytes != null) ? bytes.length : -1).array());
				if (bytes != null) {
					mac.update(bytes);
				}
			}
			return mac.doFinal();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has HMAC with SHA-256", ex);
		}
	}

}
