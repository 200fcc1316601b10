package io.github.evertoken.jose;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import org.jspecify.annotations.Nullable;

/**
 * A private key with which a client signs: RSA of 2048 bits or more, EC on the curve
 * P-256, P-384 or P-521, or Ed25519; with its public half, the name and the certificate,
 * where they are known.
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

	private static final int ED25519_BYTES = 32;

	private final PrivateKey privateKey;

	private final List<JWSAlgorithm> algorithms;

	private final @Nullable JWK publicKey;

	private final @Nullable String keyId;

	private final @Nullable Base64URL thumbprint;

	/**
	 * Create a key.
	 * @param privateKey the key itself
	 * @param algorithms the algorithms that may be used, the default first
	 * @param publicKey its public half with nothing else, or {@code null}
	 * @param keyId its {@code kid}, or {@code null}
	 * @param thumbprint its {@code x5t#S256}, or {@code null}
	 */
	SigningKey(PrivateKey privateKey, List<JWSAlgorithm> algorithms, @Nullable JWK publicKey, @Nullable String keyId,
			@Nullable Base64URL thumbprint) {
		this.privateKey = privateKey;
		this.algorithms = algorithms;
		this.publicKey = publicKey;
		this.keyId = keyId;
		this.thumbprint = thumbprint;
	}

	/**
	 * Use a JWK (RFC 7517), with the {@code kid} and the certificate that it has.
	 * @param jwk the private JWK
	 * @return the key
	 * @throws IllegalArgumentException if it is none that can sign
	 */
	public static SigningKey of(JWK jwk) {
		return SigningJwk.of(jwk);
	}

	/**
	 * Read a key from the text of a JWK, a JSON object.
	 * @param jwk the text
	 * @return the key
	 * @throws IllegalArgumentException if there is no key in the text, or none that can
	 * sign
	 */
	public static SigningKey parse(String jwk) {
		return SigningJwk.parse(jwk);
	}

	/**
	 * Use a private key. Of an RSA key, the public half is known too.
	 * @param privateKey the key
	 * @return the key
	 * @throws IllegalArgumentException if the key cannot be used
	 */
	public static SigningKey of(PrivateKey privateKey) {
		return new SigningKey(privateKey, SigningAlgorithms.of(privateKey), publicHalf(privateKey), null, null);
	}

	private static @Nullable JWK publicHalf(PrivateKey key) {
		return (key instanceof RSAPrivateCrtKey rsa)
				? new com.nimbusds.jose.jwk.RSAKey.Builder(Base64URL.encode(rsa.getModulus()),
						Base64URL.encode(rsa.getPublicExponent()))
					.build()
				: null;
	}

	/**
	 * Use a pair of keys.
	 * @param pair the private key and its public half
	 * @return the key
	 * @throws IllegalArgumentException if the key cannot be used, or the two do not
	 * belong together
	 */
	public static SigningKey of(KeyPair pair) {
		List<JWSAlgorithm> algorithms = SigningAlgorithms.of(pair.getPrivate());
		if (!belongTogether(pair.getPrivate(), pair.getPublic())) {
			throw new IllegalArgumentException("has a public key that belongs to another private key");
		}
		return new SigningKey(pair.getPrivate(), algorithms, jwk(pair.getPublic()), null, null);
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
		if (certificate == null) {
			return of(privateKey);
		}
		List<JWSAlgorithm> algorithms = SigningAlgorithms.of(privateKey);
		if (!belongTogether(privateKey, certificate.getPublicKey())) {
			throw new IllegalArgumentException(
					"has a certificate that belongs to another key than the private key beside it");
		}
		return new SigningKey(privateKey, algorithms, jwk(certificate.getPublicKey()), null,
				X509CertUtils.computeSHA256Thumbprint(certificate));
	}

	private static @Nullable JWK jwk(PublicKey key) {
		if (key instanceof RSAPublicKey rsa) {
			return new com.nimbusds.jose.jwk.RSAKey.Builder(rsa).build();
		}
		if (key instanceof ECPublicKey ec) {
			return new com.nimbusds.jose.jwk.ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
		}
		byte[] x509 = (key instanceof EdECPublicKey) ? key.getEncoded() : null;
		// RFC 8410, section 4: the key itself stands at the end.
		return (x509 != null)
				? new OctetKeyPair.Builder(Curve.Ed25519,
						Base64URL.encode(Arrays.copyOfRange(x509, x509.length - ED25519_BYTES, x509.length)))
					.build()
				: null;
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
	 * A private key need not tell its public one, so the two are tried out.
	 */
	static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
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

	/**
	 * Return the same key with a name.
	 * @param keyId the name under which the server knows the key ({@code kid})
	 * @return the key
	 */
	public SigningKey withKeyId(String keyId) {
		return new SigningKey(this.privateKey, this.algorithms, this.publicKey, keyId, this.thumbprint);
	}

	/**
	 * Return what signs with the key.
	 * @return the signer, for the algorithms that fit
	 */
	public JWSSigner signer() {
		return SigningAlgorithms.signer(this.privateKey);
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
	 * @return the algorithm
	 * @throws IllegalArgumentException if it does not fit
	 */
	public JWSAlgorithm algorithm(@Nullable String name) {
		return (name != null) ? SigningAlgorithms.require(name, this.algorithms) : this.algorithms.get(0);
	}

	/**
	 * Return the public half as a JWK with nothing but the key in it.
	 * @return the public key, or {@code null} if it is not known
	 */
	public @Nullable JWK publicKey() {
		return this.publicKey;
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
