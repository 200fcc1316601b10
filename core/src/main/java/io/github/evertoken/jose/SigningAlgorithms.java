package io.github.evertoken.jose;

import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.Set;
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

	private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);

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
		return List.copyOf(signer(key).supportedJWSAlgorithms());
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
		if (key instanceof RSAKey rsa && key.getAlgorithm().equals("RSA")) {
			requireLength(rsa.getModulus().bitLength());
			return new RSASSASigner(key);
		}
		if (key instanceof ECKey ec) {
			return ecSigner(key, Curve.forECParameterSpec(ec.getParams()));
		}
		if (key instanceof EdECKey ed && ed.getParams().getName().equals("Ed25519")) {
			return new Ed25519JwsSigner(key);
		}
		throw notSupported();
	}

	private static JWSSigner ecSigner(PrivateKey key, @Nullable Curve curve) {
		if (curve == null || !CURVES.contains(curve)) {
			throw notSupported();
		}
		try {
			return new ECDSASigner(key, curve);
		}
		catch (JOSEException ex) {
			throw new IllegalArgumentException("is an EC key that cannot sign");
		}
	}

	private static IllegalArgumentException notSupported() {
		return new IllegalArgumentException("is a private key of a type that is not supported; use " + KEY_TYPES);
	}

	private static void requireLength(int bits) {
		if (bits < MIN_RSA_BITS) {
			throw new IllegalArgumentException("is an RSA key of " + bits + " bits, which is too short; use one of "
					+ MIN_RSA_BITS + " bits or more");
		}
	}

}
