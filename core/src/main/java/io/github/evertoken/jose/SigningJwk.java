package io.github.evertoken.jose;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import io.github.evertoken.http.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private JWK (RFC 7517). Every complaint is an {@link IllegalArgumentException}
 * whose message tells what is wrong, and never a value: a parser's own may quote what it
 * reads.
 */
final class SigningJwk {

	/**
	 * RFC 8410, section 4: what stands before an Ed25519 key where the JDK reads one.
	 */
	private static final byte[] X509_OF_ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

	private SigningJwk() {
	}

	static SigningKey parse(String text) {
		requireOneKey(text);
		return of(jwk(text));
	}

	static SigningKey of(JWK jwk) {
		requireForSigning(jwk);
		PrivateKey privateKey = privateKey(jwk);
		List<JWSAlgorithm> algorithms = algorithms(privateKey, jwk.getAlgorithm());
		return new SigningKey(privateKey, algorithms, publicKey(jwk, privateKey), jwk.getKeyID(), thumbprint(jwk));
	}

	private static void requireOneKey(String text) {
		JsonObject json = JsonObject.parse(text);
		if (json == null) {
			throw new IllegalArgumentException(
					"is neither PEM (-----BEGIN PRIVATE KEY-----) nor a JWK (a JSON object)");
		}
		if (json.get("keys") != null) {
			throw new IllegalArgumentException("is a set of JWKs; write the one that is to sign, without the set");
		}
	}

	private static JWK jwk(String text) {
		try {
			return JWK.parse(text);
		}
		catch (ParseException | RuntimeException ex) {
			throw new IllegalArgumentException(
					"is a JWK that cannot be read: a parameter of its type of key (kty)" + " is missing or wrong");
		}
	}

	private static void requireForSigning(JWK jwk) {
		if (!(jwk instanceof AsymmetricJWK)) {
			throw new IllegalArgumentException("is a JWK with a shared secret (kty 'oct'), not with a private key");
		}
		if (!jwk.isPrivate()) {
			throw new IllegalArgumentException(
					"is a JWK with a public key alone; the private one (d) is needed to sign");
		}
		if (KeyUse.ENCRYPTION.equals(jwk.getKeyUse())) {
			throw new IllegalArgumentException("is a JWK for encryption (use 'enc'), not for signatures");
		}
	}

	private static PrivateKey privateKey(JWK jwk) {
		try {
			return (jwk instanceof OctetKeyPair pair) ? ed25519(pair) : ((AsymmetricJWK) jwk).toPrivateKey();
		}
		catch (JOSEException | GeneralSecurityException ex) {
			throw new IllegalArgumentException("is a JWK whose key cannot be used; use " + SigningAlgorithms.KEY_TYPES);
		}
	}

	/**
	 * Nimbus leaves that to Google Tink.
	 */
	private static PrivateKey ed25519(OctetKeyPair pair) throws GeneralSecurityException {
		if (!Curve.Ed25519.equals(pair.getCurve())) {
			throw new IllegalArgumentException(
					"is a JWK on a curve that is not supported; use " + SigningAlgorithms.KEY_TYPES);
		}
		return KeyFactory.getInstance("Ed25519")
			.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, pair.getDecodedD()));
	}

	/**
	 * Return the public half with nothing but the key in it: the parameters that a
	 * thumbprint is made of (RFC 7638, section 3.2).
	 */
	private static JWK publicKey(JWK jwk, PrivateKey privateKey) {
		try {
			PublicKey publicKey = (jwk instanceof OctetKeyPair pair) ? ed25519Public(pair)
					: ((AsymmetricJWK) jwk).toPublicKey();
			if (SigningKey.belongTogether(privateKey, publicKey)) {
				return JWK.parse(Map.copyOf(jwk.getRequiredParams()));
			}
		}
		catch (JOSEException | GeneralSecurityException | ParseException ex) {
			// The same as if it belonged to another.
		}
		throw new IllegalArgumentException("is a JWK whose public key does not belong to its private one (d)");
	}

	private static PublicKey ed25519Public(OctetKeyPair pair) throws GeneralSecurityException {
		byte[] x509 = ByteBuffer.allocate(X509_OF_ED25519.length + pair.getDecodedX().length)
			.put(X509_OF_ED25519)
			.put(pair.getDecodedX())
			.array();
		return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
	}

	/**
	 * A JWK may say with what algorithm it is meant to be used (RFC 7517, section 4.4).
	 */
	private static List<JWSAlgorithm> algorithms(PrivateKey key, @Nullable Algorithm meant) {
		List<JWSAlgorithm> fitting = SigningAlgorithms.of(key);
		if (meant == null) {
			return fitting;
		}
		return fitting.stream()
			.filter((algorithm) -> algorithm.getName().equals(meant.getName()))
			.findFirst()
			.map(List::of)
			.orElseThrow(() -> new IllegalArgumentException(
					"is a JWK whose alg does not fit its key: " + SigningAlgorithms.names(fitting) + " would"));
	}

	private static @Nullable Base64URL thumbprint(JWK jwk) {
		List<X509Certificate> chain = jwk.getParsedX509CertChain();
		return (chain != null && !chain.isEmpty()) ? X509CertUtils.computeSHA256Thumbprint(chain.get(0))
				: jwk.getX509CertSHA256Thumbprint();
	}

}
