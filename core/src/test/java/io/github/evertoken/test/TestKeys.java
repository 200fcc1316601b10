package io.github.evertoken.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;

/**
 * The keys of the tests, which OpenSSL has made.
 */
public final class TestKeys {

	/**
	 * The password of the encrypted ones.
	 */
	public static final String PASSWORD = "correct-horse";

	private TestKeys() {
	}

	/**
	 * Return the text of a file below {@code keys}.
	 * @param name the name of the file, without {@code .pem}
	 * @return its text
	 */
	public static String pem(String name) {
		try (InputStream stream = TestKeys.class.getResourceAsStream("/keys/" + name + ".pem")) {
			return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a public key.
	 * @param name the name of the file, without {@code -public.pem}
	 * @return the key
	 */
	public static PublicKey publicKey(String name) {
		byte[] encoded = Base64.getMimeDecoder().decode(pem(name + "-public").replaceAll("-----.*-----", ""));
		String algorithm = name.startsWith("rsa") ? "RSA" : name.startsWith("ec") ? "EC" : "Ed25519";
		try {
			return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
