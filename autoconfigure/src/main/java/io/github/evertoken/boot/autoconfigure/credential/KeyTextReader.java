package io.github.evertoken.boot.autoconfigure.credential;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.pem.PemContent;

/**
 * Reads a private key from text: PEM in the formats that Spring Boot knows, and perhaps
 * the public key or the certificate beside it; a JWK; or the JSON file of a service
 * account, as Google has it, whose members {@code private_key} and {@code private_key_id}
 * are PEM and its name.
 * <p>
 * Every complaint is an {@link IllegalArgumentException} whose message tells what is
 * wrong, and never a value: a parser's own may quote what it reads.
 */
final class KeyTextReader {

	private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

	private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

	private static final Pattern PUBLIC_KEY = Pattern.compile("-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----",
			Pattern.DOTALL);

	private static final Set<String> SUPPORTED = Set.of("PRIVATE KEY", ENCRYPTED, "RSA PRIVATE KEY", "EC PRIVATE KEY");

	private static final String TO_PKCS8 = "; 'openssl pkcs8 -topk8' turns it into PKCS#8";

	private KeyTextReader() {
	}

	/**
	 * Tell whether a text is PEM with an encrypted key, which needs a password.
	 */
	static boolean isEncrypted(String text) {
		return text.contains("-----BEGIN " + ENCRYPTED + "-----");
	}

	/**
	 * Read a key.
	 * @param text the text
	 * @param password the password of an encrypted key, {@code null} for any other
	 */
	static SigningKey read(String text, @Nullable String password) {
		if (text.stripLeading().startsWith("{")) {
			return json(text, password);
		}
		if (text.contains("-----BEGIN ")) {
			return pem(text, password);
		}
		requireNoPassword(password);
		return SigningKey.parse(text);
	}

	private static SigningKey json(String text, @Nullable String password) {
		Map<String, Object> json = parsed(text);
		if (!json.containsKey("private_key")) {
			requireNoPassword(password);
			return SigningKey.parse(text);
		}
		if (!(json.get("private_key") instanceof String pem) || !pem.contains("-----BEGIN ")) {
			throw new IllegalArgumentException("is a JSON object whose private_key is not PEM");
		}
		SigningKey key = pem(pem, password);
		return (json.get("private_key_id") instanceof String keyId) ? key.withKeyId(keyId) : key;
	}

	private static Map<String, Object> parsed(String text) {
		try {
			return JSONObjectUtils.parse(text);
		}
		catch (ParseException ex) {
			return Map.of();
		}
	}

	private static void requireNoPassword(@Nullable String password) {
		if (password != null) {
			throw new IllegalArgumentException("is not PEM, yet there is a password for it");
		}
	}

	private static SigningKey pem(String text, @Nullable String password) {
		// An environment variable often has its line breaks written out.
		String pem = text.replace("\\n", "\n");
		PrivateKey privateKey = privateKey(pem, password);
		X509Certificate certificate = certificate(pem);
		PublicKey publicKey = publicKey(pem);
		return (certificate == null && publicKey != null) ? SigningKey.of(new KeyPair(publicKey, privateKey))
				: SigningKey.of(privateKey, certificate);
	}

	private static PrivateKey privateKey(String pem, @Nullable String password) {
		requireSupported(pem);
		boolean encrypted = isEncrypted(pem);
		if (encrypted && password == null) {
			throw new IllegalArgumentException("is an encrypted private key, and there is no password for it");
		}
		if (!encrypted && password != null) {
			throw new IllegalArgumentException(
					"is a private key that is not encrypted, yet there is a password for it");
		}
		PrivateKey key = null;
		try {
			key = PemContent.of(pem).getPrivateKey(password);
		}
		catch (RuntimeException ex) {
			// Its message may quote what it reads.
		}
		if (key == null) {
			throw new IllegalArgumentException(encrypted
					? "is an encrypted private key that cannot be decrypted: the password is wrong, or it is encrypted"
							+ " in a way that this Java does not know"
					: "is a private key that cannot be read: it is damaged, or of another type than RSA, EC (P-256,"
							+ " P-384 or P-521) or Ed25519");
		}
		return key;
	}

	private static void requireSupported(String pem) {
		if (!PemContent.isPresentInText(pem)) {
			throw new IllegalArgumentException(
					"is not PEM: a line -----BEGIN PRIVATE KEY----- needs its -----END PRIVATE KEY-----");
		}
		List<String> labels = BLOCK.matcher(pem).results().map((block) -> block.group(1)).distinct().toList();
		String label = labels.stream()
			.filter((each) -> each.endsWith("PRIVATE KEY"))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("has no private key, but only " + labels));
		if (!SUPPORTED.contains(label)) {
			throw new IllegalArgumentException("is a PEM block '" + label + "', which is not supported" + TO_PKCS8);
		}
		if (pem.contains("Proc-Type:")) {
			throw new IllegalArgumentException(
					"is a PEM block '" + label + "' that is encrypted in the old way of OpenSSL" + TO_PKCS8);
		}
	}

	/**
	 * The first certificate is that of the key, if there are several.
	 */
	private static @Nullable X509Certificate certificate(String pem) {
		if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
			return null;
		}
		try {
			return PemContent.of(pem).getCertificates().get(0);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("has a PEM block CERTIFICATE that cannot be read");
		}
	}

	/**
	 * Spring Boot reads none: it has no use for one without a certificate.
	 */
	private static @Nullable PublicKey publicKey(String pem) {
		Matcher block = PUBLIC_KEY.matcher(pem);
		if (!block.find()) {
			return null;
		}
		for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
			try {
				byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
				return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
			}
			catch (GeneralSecurityException | IllegalArgumentException ex) {
				// The next one may know it.
			}
		}
		throw new IllegalArgumentException("has a PEM block PUBLIC KEY that cannot be read");
	}

}
