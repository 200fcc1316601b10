package io.github.evertoken.grant;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import com.nimbusds.jose.util.X509CertUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands in a PEM file (RFC 7468): a private key and perhaps certificates.
 * Every complaint is an {@link IllegalArgumentException} whose message tells what is
 * wrong, and never a value.
 */
final class Pem {

	private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----",
			Pattern.DOTALL);

	private static final List<String> KEY_FACTORIES = List.of("RSA", "EC", "EdDSA");

	private final List<Block> blocks = new ArrayList<>();

	private Pem() {
	}

	/**
	 * Tell whether a text is meant to be PEM.
	 */
	static boolean isMeantBy(String text) {
		return text.contains("-----BEGIN ");
	}

	/**
	 * Find the blocks of a text.
	 */
	static Pem parse(String text) {
		Pem pem = new Pem();
		// An environment variable often has its line breaks written out.
		Matcher matcher = BLOCK.matcher(text.replace("\\n", "\n"));
		while (matcher.find()) {
			pem.blocks.add(new Block(matcher.group(1), matcher.group(2)));
		}
		if (pem.blocks.isEmpty()) {
			throw new IllegalArgumentException(
					"is not PEM: a line -----BEGIN PRIVATE KEY----- needs its -----END PRIVATE KEY-----");
		}
		return pem;
	}

	/**
	 * Return the first certificate: that of the key, if there are several.
	 * @return the certificate, or {@code null} if there is none
	 */
	@Nullable X509Certificate certificate() {
		for (Block block : this.blocks) {
			if (block.label().equals("CERTIFICATE")) {
				X509Certificate certificate = X509CertUtils.parse(block.bytes());
				if (certificate == null) {
					throw new IllegalArgumentException("has a PEM block CERTIFICATE that cannot be read");
				}
				return certificate;
			}
		}
		return null;
	}

	/**
	 * Return the first private key.
	 * @param password the password of an encrypted one, or {@code null}
	 */
	PrivateKey privateKey(@Nullable String password) {
		Block block = this.blocks.stream()
			.filter((each) -> each.label().endsWith("PRIVATE KEY"))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"has no private key, but only " + this.blocks.stream().map(Block::label).distinct().toList()));
		boolean encrypted = block.label().equals("ENCRYPTED PRIVATE KEY");
		if (encrypted && password == null) {
			throw new IllegalArgumentException("is an encrypted private key, and there is no password for it");
		}
		if (!encrypted && password != null) {
			throw new IllegalArgumentException(
					"is a private key that is not encrypted, yet there is a password for it");
		}
		return switch (block.label()) {
			case "PRIVATE KEY" -> generate(block.bytes());
			case "ENCRYPTED PRIVATE KEY" -> decrypt(block.bytes(), String.valueOf(password));
			case "RSA PRIVATE KEY" -> generate(Der.envelopeOfRsa(block.bytes()));
			case "EC PRIVATE KEY" -> generate(envelopeOfEc(block.bytes()));
			default -> throw new IllegalArgumentException("is a PEM block '" + block.label()
					+ "', which is not supported; 'openssl pkcs8 -topk8' turns it into PKCS#8");
		};
	}

	private static byte[] envelopeOfEc(byte[] key) {
		byte[] envelope = Der.envelopeOfEc(key);
		if (envelope == null) {
			throw new IllegalArgumentException("is a PEM block 'EC PRIVATE KEY' that does not name its curve;"
					+ " 'openssl pkcs8 -topk8' turns it into PKCS#8, which does");
		}
		return envelope;
	}

	private static PrivateKey generate(byte[] pkcs8) {
		for (String algorithm : KEY_FACTORIES) {
			try {
				return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
			}
			catch (GeneralSecurityException ex) {
				// The next one may know it.
			}
		}
		throw new IllegalArgumentException(
				"is a private key that cannot be read: it is damaged, or of another type than "
						+ SigningAlgorithms.KEY_TYPES);
	}

	/**
	 * The name of what the key was encrypted with is in its parameters, where PKCS#5
	 * version 2 was used ("PBES2"), and is the algorithm's own otherwise.
	 */
	private static PrivateKey decrypt(byte[] encrypted, String password) {
		byte[] pkcs8;
		try {
			EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
			boolean parameterized = info.getAlgParameters() != null
					&& info.getAlgParameters().getAlgorithm().equals("PBES2");
			String algorithm = parameterized ? info.getAlgParameters().toString() : info.getAlgName();
			Cipher cipher = Cipher.getInstance(algorithm);
			cipher.init(Cipher.DECRYPT_MODE,
					SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
					info.getAlgParameters());
			pkcs8 = info.getKeySpec(cipher).getEncoded();
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalArgumentException("is an encrypted private key that cannot be decrypted:"
					+ " the password is wrong, or it is encrypted in a way that this Java does not know");
		}
		return generate(pkcs8);
	}

	private record Block(String label, String body) {

		byte[] bytes() {
			if (this.body.contains("Proc-Type:")) {
				throw new IllegalArgumentException(
						"is a PEM block '" + this.label + "' that is encrypted in the old way of"
								+ " OpenSSL; 'openssl pkcs8 -topk8' turns it into PKCS#8");
			}
			try {
				return Base64.getDecoder().decode(this.body.replaceAll("\\s", ""));
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("has a PEM block '" + this.label + "' that is not Base64");
			}
		}

		@Override
		public String toString() {
			return "Block[" + this.label + "]";
		}

	}

}
