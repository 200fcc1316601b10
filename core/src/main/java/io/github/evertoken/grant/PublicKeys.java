package io.github.evertoken.grant;

import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;

/**
 * Finds the public key that belongs to a private one, which a private key in a file need
 * not bring along. Every complaint is an {@link IllegalArgumentException} whose message
 * goes on where the name of what was set ends.
 */
final class PublicKeys {

	private static final BigInteger TWO = BigInteger.TWO;

	private static final BigInteger THREE = BigInteger.valueOf(3);

	private PublicKeys() {
	}

	/**
	 * Return the public key as a JWK with nothing but the key in it.
	 */
	static JWK of(SigningKey key) {
		if (key.privateKey() instanceof ECPrivateKey ec) {
			return of(ec);
		}
		if (key.privateKey() instanceof RSAPrivateCrtKey rsa) {
			return new RSAKey.Builder(Base64URL.encode(rsa.getModulus()), Base64URL.encode(rsa.getPublicExponent()))
				.build();
		}
		byte[] ed25519 = (key.privateKey() instanceof EdECPrivateKey ed) ? ed.getBytes().orElse(null) : null;
		if (ed25519 != null) {
			return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(Ed25519.publicKey(ed25519))).build();
		}
		throw new IllegalArgumentException(
				"is a private key from which its public one cannot be told; use EC (P-256, P-384 or P-521), Ed25519,"
						+ " or RSA with its primes");
	}

	private static JWK of(ECPrivateKey key) {
		ECParameterSpec curve = key.getParams();
		ECPoint point = multiply(key.getS(), curve);
		int bits = curve.getCurve().getField().getFieldSize();
		return new ECKey.Builder(Curve.forECParameterSpec(curve), ECKey.encodeCoordinate(bits, point.getAffineX()),
				ECKey.encodeCoordinate(bits, point.getAffineY()))
			.build();
	}

	/**
	 * Multiply the generator by doubling and adding (SEC 1, section 2.2.1). It is done
	 * once for a key that is read, and nobody can measure how long it takes.
	 */
	private static ECPoint multiply(BigInteger factor, ECParameterSpec curve) {
		BigInteger prime = ((ECFieldFp) curve.getCurve().getField()).getP();
		BigInteger a = curve.getCurve().getA();
		ECPoint product = ECPoint.POINT_INFINITY;
		for (int i = factor.bitLength() - 1; i >= 0; i--) {
			product = twice(product, a, prime);
			if (factor.testBit(i)) {
				product = sum(product, curve.getGenerator(), prime);
			}
		}
		return product;
	}

	private static ECPoint twice(ECPoint p, BigInteger a, BigInteger prime) {
		if (p.equals(ECPoint.POINT_INFINITY)) {
			return p;
		}
		BigInteger slope = p.getAffineX()
			.pow(2)
			.multiply(THREE)
			.add(a)
			.multiply(p.getAffineY().multiply(TWO).modInverse(prime));
		return third(slope, p, p, prime);
	}

	/**
	 * Add two points. They are never the same here, nor opposite: the product is an even
	 * multiple of the generator, by a factor less than its order.
	 */
	private static ECPoint sum(ECPoint p, ECPoint q, BigInteger prime) {
		if (p.equals(ECPoint.POINT_INFINITY)) {
			return q;
		}
		BigInteger slope = q.getAffineY()
			.subtract(p.getAffineY())
			.multiply(q.getAffineX().subtract(p.getAffineX()).modInverse(prime));
		return third(slope, p, q, prime);
	}

	private static ECPoint third(BigInteger slope, ECPoint p, ECPoint q, BigInteger prime) {
		BigInteger x = slope.pow(2).subtract(p.getAffineX()).subtract(q.getAffineX()).mod(prime);
		BigInteger y = slope.multiply(p.getAffineX().subtract(x)).subtract(p.getAffineY()).mod(prime);
		return new ECPoint(x, y);
	}

}
