package io.github.evertoken.test.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;

/**
 * Signatures of JWTs. That of Ed25519 is left to the JDK: Nimbus needs a further library
 * for it.
 */
final class Signatures {

	private static final byte[] ED25519_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

	private static final int SHORTEST_RSA_KEY = 2048;

	private Signatures() {
	}

	static boolean isGood(SignedJWT jwt, String secret) {
		try {
			return JWSAlgorithm.Family.HMAC_SHA.contains(jwt.getHeader().getAlgorithm())
					&& jwt.verify(new MACVerifier(secret));
		}
		catch (JOSEException ex) {
			return false;
		}
	}

	static boolean isGood(SignedJWT jwt, PublicKey key) {
		try {
			if (jwt.getHeader().getCriticalParams() != null || isShort(key)) {
				return false;
			}
			if (isEdwards(jwt.getHeader().getAlgorithm())) {
				Signature signature = Signature.getInstance("Ed25519");
				signature.initVerify(key);
				signature.update(jwt.getSigningInput());
				return signature.verify(jwt.getSignature().decode());
			}
			return JWSAlgorithm.Family.SIGNATURE.contains(jwt.getHeader().getAlgorithm())
					&& jwt.verify(new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), key));
		}
		catch (GeneralSecurityException | JOSEException | IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * RFC 7518, sections 3.3 and 3.5.
	 */
	private static boolean isShort(PublicKey key) {
		return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA_KEY;
	}

	private static boolean isEdwards(JWSAlgorithm algorithm) {
		return JWSAlgorithm.EdDSA.equals(algorithm) || JWSAlgorithm.Ed25519.equals(algorithm);
	}

	/**
	 * Return the key that a JWK is of.
	 * @throws GeneralSecurityException if it is none
	 */
	static PublicKey publicKey(JWK jwk) throws GeneralSecurityException {
		try {
			if (jwk instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
				ByteArrayOutputStream encoded = new ByteArrayOutputStream();
				encoded.writeBytes(ED25519_HEAD);
				encoded.writeBytes(pair.getDecodedX());
				return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
			}
			if (jwk instanceof AsymmetricJWK asymmetric) {
				return asymmetric.toPublicKey();
			}
		}
		catch (JOSEException ex) {
			throw new GeneralSecurityException("No public key", ex);
		}
		throw new GeneralSecurityException("No public key");
	}

	static String sha256(String text) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
			return Base64URL.encode(hash).toString();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
