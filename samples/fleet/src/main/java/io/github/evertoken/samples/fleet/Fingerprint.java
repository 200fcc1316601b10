package io.github.evertoken.samples.fleet;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a token without telling it.
 */
public final class Fingerprint {

	private static final int LENGTH = 12;

	private Fingerprint() {
	}

	/**
	 * Return the name of a token.
	 * @param token the token
	 * @return the beginning of its hash
	 */
	public static String of(String token) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(hash).substring(0, LENGTH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
