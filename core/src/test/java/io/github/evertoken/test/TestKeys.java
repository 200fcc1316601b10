package io.github.evertoken.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.X509CertUtils;
import io.github.evertoken.jose.SigningKey;

/**
 * The keys of the tests, which OpenSSL has made.
 */
public final class TestKeys {

	// It takes seconds to make one, and no test changes it.
	private static final Map<Integer, KeyPair> RSA = new ConcurrentHashMap<>();

	private TestKeys() {
	}

	/**
	 * Return a pair of RSA keys with 2048 bits, which is the same for the whole process.
	 * @param number which one: another number, another pair
	 * @return the pair
	 */
	public static KeyPair rsa(int number) {
		return RSA.computeIfAbsent(number, (another) -> {
			try {
				return KeyPairGenerator.getInstance("RSA").generateKeyPair();
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	/**
	 * Return {@link #rsa(int) the first pair} as a JWK, for a test to go on with.
	 * @return a builder
	 */
	public static RSAKey.Builder rsaJwk() {
		KeyPair pair = rsa(1);
		return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).privateKey(pair.getPrivate());
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

	/**
	 * Return the key of a file below {@code keys}.
	 * @param name the name of the file, without {@code .pem}
	 * @return the key
	 */
	public static SigningKey signingKey(String name) {
		return signingKeyOf(pem(name));
	}

	/**
	 * Read a key as the starter does: PKCS#8 in PEM, perhaps with a certificate or a
	 * public key beside it, or a JWK.
	 * @param text the text
	 * @return the key
	 */
	public static SigningKey signingKeyOf(String text) {
		if (!text.contains("-----BEGIN ")) {
			return SigningKey.parse(text);
		}
		PrivateKey key = privateKey(block(text, "PRIVATE KEY"));
		return text.contains("BEGIN CERTIFICATE") ? SigningKey.of(key, X509CertUtils.parse(block(text, "CERTIFICATE")))
				: SigningKey.of(key);
	}

	private static byte[] block(String text, String label) {
		String[] parts = text.split("-----(BEGIN|END) " + label + "-----", -1);
		if (parts.length < 3) {
			throw new IllegalArgumentException("is not PEM");
		}
		return Base64.getMimeDecoder().decode(parts[1]);
	}

	private static PrivateKey privateKey(byte[] pkcs8) {
		for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
			try {
				return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
			}
			catch (GeneralSecurityException ex) {
				// The next one may know it.
			}
		}
		throw new IllegalArgumentException("is a private key that cannot be read");
	}

}
