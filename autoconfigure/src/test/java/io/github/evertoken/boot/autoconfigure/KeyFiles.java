package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Objects;

/**
 * The keys of the tests, in files below {@code /keys}.
 */
public final class KeyFiles {

	private KeyFiles() {
	}

	/**
	 * Return the content of a PEM file.
	 */
	public static String pem(String name) {
		try (InputStream stream = KeyFiles.class.getResourceAsStream("/keys/" + name + ".pem")) {
			return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the public part of an RSA key.
	 */
	public static RSAPublicKey publicKey(String name) {
		try {
			KeyFactory factory = KeyFactory.getInstance("RSA");
			byte[] encoded = Base64.getMimeDecoder().decode(pem(name).replaceAll("-----.*-----", ""));
			RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
			return (RSAPublicKey) factory
				.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
