package io.github.evertoken.grant;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import org.jspecify.annotations.Nullable;

/**
 * A private key with which a client signs its assertions: RSA of 2048 bits or more, EC on
 * the curve P-256, P-384 or P-521, or Ed25519; with the name and the certificate by which
 * the server finds the public key, where it has them.
 * <p>
 * Every complaint of the methods here is an {@link IllegalArgumentException} whose
 * message says what is wrong with the key, as the end of a sentence that begins with its
 * name, and never what is in it.
 * <p>
 * Instances are immutable. The key never appears in {@link #toString()}.
 *
 * @since 0.1.0
 */
public final class SigningKey {

	private static final byte[] PROBE = "evertoken".getBytes(StandardCharsets.US_ASCII);

	private final PrivateKey privateKey;

	private final List<JWSAlgorithm> algorithms;

	private final @Nullable String keyId;

	private final @Nullable Base64URL thumbprint;

	/**
	 * Create a key.
	 * @param privateKey the key itself
	 * @param algorithms the algorithms that may be used, the default first
	 * @param keyId its {@code kid}, or {@code null}
	 * @param thumbprint its {@code x5t#S256}, or {@code null}
	 */
	SigningKey(PrivateKey privateKey, List<JWSAlgorithm> algorithms, @Nullable String keyId,
			@Nullable Base64URL thumbprint) {
		this.privateKey = privateKey;
		this.algorithms = algorithms;
		this.keyId = keyId;
		this.thumbprint = thumbprint;
	}

	/**
	 * Read a key from text: PEM with a block {@code PRIVATE KEY} (PKCS#8),
	 * {@code ENCRYPTED PRIVATE KEY}, {@code RSA PRIVATE KEY} (PKCS#1) or
	 * {@code EC PRIVATE KEY} (SEC1), and perhaps the key's certificate beside it; a JWK
	 * (RFC 7517), a JSON object; or the JSON file of a service account, as Google has it,
	 * whose members {@code private_key} and {@code private_key_id} are PEM and its name.
	 * @param pemOrJwk the text
	 * @param password the password of an encrypted key, {@code null} for any other
	 * @return the key
	 * @throws IllegalArgumentException if there is no key in the text, or none that can
	 * be used
	 */
	public static SigningKey parse(String pemOrJwk, @Nullable String password) {
		JsonObject json = JsonObject.parse(pemOrJwk);
		if (json != null && json.get("private_key") != null) {
			return ofServiceAccount(json, password);
		}
		if (Pem.isMeantBy(pemOrJwk)) {
			return ofPem(pemOrJwk, password);
		}
		if (password != null) {
			throw new IllegalArgumentException("is not PEM, yet there is a password for it");
		}
		return SigningJwk.parse(pemOrJwk);
	}

	private static SigningKey ofServiceAccount(JsonObject json, @Nullable String password) {
		String pem = json.string("private_key");
		if (pem == null || !Pem.isMeantBy(pem)) {
			throw new IllegalArgumentException("is a JSON object whose private_key is not PEM");
		}
		SigningKey key = ofPem(pem, password);
		return new SigningKey(key.privateKey, key.algorithms, json.string("private_key_id"), key.thumbprint);
	}

	private static SigningKey ofPem(String text, @Nullable String password) {
		Pem pem = Pem.parse(text);
		return of(pem.privateKey(password), pem.certificate());
	}

	/**
	 * Tell whether a text is PEM with an encrypted key, which needs a password.
	 * @param pemOrJwk the text
	 * @return whether {@link #parse} needs a password for it
	 */
	public static boolean isEncrypted(String pemOrJwk) {
		return pemOrJwk.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----");
	}

	/**
	 * Use a key that is there already.
	 * @param privateKey the key
	 * @param certificate its certificate, whose thumbprint is named in each assertion
	 * ({@code x5t#S256}, RFC 7515, section 4.1.8), or {@code null}
	 * @return the key
	 * @throws IllegalArgumentException if the key cannot be used, or does not belong to
	 * the certificate
	 */
	public static SigningKey of(PrivateKey privateKey, @Nullable X509Certificate certificate) {
		List<JWSAlgorithm> algorithms = SigningAlgorithms.of(privateKey);
		if (certificate == null) {
			return new SigningKey(privateKey, algorithms, null, null);
		}
		if (!belongTogether(privateKey, certificate.getPublicKey())) {
			throw new IllegalArgumentException(
					"has a certificate that belongs to another key than the private key beside it");
		}
		return new SigningKey(privateKey, algorithms, null, X509CertUtils.computeSHA256Thumbprint(certificate));
	}

	/**
	 * Take a key and its certificate from a key store.
	 * @param keyStore the key store
	 * @param alias where the key is in it, or {@code null} if it is the only one
	 * @param password the password of the key, or {@code null}
	 * @return the key
	 * @throws IllegalArgumentException if there is no such key, or none that can be used
	 */
	public static SigningKey of(KeyStore keyStore, @Nullable String alias, @Nullable String password) {
		try {
			String entry = (alias != null) ? alias : onlyKey(keyStore);
			Key key = keyStore.getKey(entry, (password != null) ? password.toCharArray() : null);
			if (!(key instanceof PrivateKey privateKey)) {
				throw new IllegalArgumentException(
						"has no private key under the alias '" + entry + "', but the keys " + keys(keyStore));
			}
			Certificate certificate = keyStore.getCertificate(entry);
			return of(privateKey, (certificate instanceof X509Certificate x509) ? x509 : null);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("has a private key that cannot be taken out of its key store ("
					+ ex.getClass().getSimpleName() + "): its password may be wrong");
		}
	}

	private static String onlyKey(KeyStore keyStore) throws KeyStoreException {
		List<String> keys = keys(keyStore);
		if (keys.size() != 1) {
			throw new IllegalArgumentException(
					keys.isEmpty() ? "has no private key" : "has several keys, " + keys + ", and no alias is given");
		}
		return keys.get(0);
	}

	private static List<String> keys(KeyStore keyStore) throws KeyStoreException {
		List<String> keys = new ArrayList<>();
		for (String alias : Collections.list(keyStore.aliases())) {
			if (keyStore.isKeyEntry(alias)) {
				keys.add(alias);
			}
		}
		return keys;
	}

	/**
	 * A private EC key does not tell its public one, so the two are tried out.
	 */
	private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
		try {
			Signature signature = Signature.getInstance(probeOf(privateKey));
			signature.initSign(privateKey);
			signature.update(PROBE);
			byte[] signed = signature.sign();
			signature.initVerify(publicKey);
			signature.update(PROBE);
			return signature.verify(signed);
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private static String probeOf(PrivateKey key) {
		if (key instanceof RSAKey) {
			return "SHA256withRSA";
		}
		return (key instanceof ECKey) ? "SHA256withECDSA" : "Ed25519";
	}

	PrivateKey privateKey() {
		return this.privateKey;
	}

	/**
	 * Return the algorithms that fit, the default first.
	 */
	List<JWSAlgorithm> algorithms() {
		return this.algorithms;
	}

	/**
	 * Return the algorithm of that name.
	 * @param name the name, or {@code null} for the first that fits
	 * @throws IllegalArgumentException if it does not fit
	 */
	JWSAlgorithm algorithm(@Nullable String name) {
		return (name != null) ? SigningAlgorithms.require(name, this.algorithms) : this.algorithms.get(0);
	}

	@Nullable String keyId() {
		return this.keyId;
	}

	@Nullable Base64URL thumbprint() {
		return this.thumbprint;
	}

	@Override
	public String toString() {
		return "SigningKey[" + this.privateKey.getAlgorithm() + ", keyId=" + Objects.toString(this.keyId, "none") + "]";
	}

}
