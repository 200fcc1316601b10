package io.github.evertoken.grant;

import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.stream.Collectors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import org.jspecify.annotations.Nullable;

/**
 * The algorithms of RFC 7518, 8037 and 9864 with which a client signs, and the keys that
 * they need. Every complaint is an {@link IllegalArgumentException} whose message goes on
 * where the name of a property ends.
 */
final class SigningAlgorithms {

	/**
	 * The types of keys.
	 */
	static final String KEY_TYPES = "RSA, EC (P-256, P-384 or P-521) or Ed25519";

	/**
	 * RFC 7518, section 3.3.
	 */
	private static final int MIN_RSA_BITS = 2048;

	private static final List<JWSAlgorithm> SECRET = List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384,
			JWSAlgorithm.HS512);

	private static final List<JWSAlgorithm> RSA = List.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512,
			JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512);

	private static final List<JWSAlgorithm> ED25519 = List.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

	private SigningAlgorithms() {
	}

	/**
	 * Return the algorithms of a shared secret, the default first.
	 */
	static List<JWSAlgorithm> ofSecret() {
		return SECRET;
	}

	/**
	 * Return the algorithms that fit a key, the default first.
	 */
	static List<JWSAlgorithm> of(PrivateKey key) {
		if (key instanceof RSAKey rsa && key.getAlgorithm().equals("RSA")) {
			requireLength(rsa.getModulus().bitLength());
			return RSA;
		}
		if (key instanceof ECKey ec) {
			JWSAlgorithm algorithm = ofCurve(Curve.forECParameterSpec(ec.getParams()));
			if (algorithm != null) {
				return List.of(algorithm);
			}
		}
		if (key instanceof EdECKey ed && ed.getParams().getName().equals("Ed25519")) {
			return ED25519;
		}
		throw new IllegalArgumentException("is a private key of a type that is not supported; use " + KEY_TYPES);
	}

	private static void requireLength(int bits) {
		if (bits < MIN_RSA_BITS) {
			throw new IllegalArgumentException("is an RSA key of " + bits + " bits, which is too short; use one of "
					+ MIN_RSA_BITS + " bits or more");
		}
	}

	private static @Nullable JWSAlgorithm ofCurve(@Nullable Curve curve) {
		if (Curve.P_256.equals(curve)) {
			return JWSAlgorithm.ES256;
		}
		if (Curve.P_384.equals(curve)) {
			return JWSAlgorithm.ES384;
		}
		return Curve.P_521.equals(curve) ? JWSAlgorithm.ES512 : null;
	}

	/**
	 * Return the algorithm of that name, if it is one of those that fit.
	 */
	static JWSAlgorithm require(String name, List<JWSAlgorithm> fitting) {
		return fitting.stream()
			.filter((algorithm) -> algorithm.getName().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("must be " + names(fitting) + " to fit the key, but is '"
					+ name.replaceAll("\\p{Cntrl}", "?") + "'"));
	}

	static String names(List<JWSAlgorithm> algorithms) {
		return algorithms.stream().map(JWSAlgorithm::getName).collect(Collectors.joining(" or "));
	}

	/**
	 * Return what signs with a key.
	 */
	static JWSSigner signer(PrivateKey key) {
		if (key instanceof RSAKey) {
			return new RSASSASigner(key);
		}
		if (key instanceof ECKey ec) {
			try {
				return new ECDSASigner(key, Curve.forECParameterSpec(ec.getParams()));
			}
			catch (JOSEException ex) {
				throw new IllegalArgumentException("is an EC key that cannot sign");
			}
		}
		return new Ed25519JwsSigner(key);
	}

}
