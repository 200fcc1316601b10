package io.github.evertoken.grant;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The arithmetic of Ed25519 (RFC 8032, section 5.1) that the JDK keeps to itself: it has
 * no way from a private key to its public one.
 */
final class Ed25519 {

	private static final int LENGTH = 32;

	private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

	private static final BigInteger D = BigInteger.valueOf(-121665)
		.multiply(BigInteger.valueOf(121666).modInverse(PRIME))
		.mod(PRIME);

	private static final Point NEUTRAL = new Point(BigInteger.ZERO, BigInteger.ONE);

	private static final Point BASE = new Point(
			new BigInteger("15112221349535400772501151409588531511454012693041857206046113283949847762202"),
			BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(PRIME)).mod(PRIME));

	private Ed25519() {
	}

	/**
	 * Return the public key that belongs to a private one (RFC 8032, section 5.1.5).
	 */
	static byte[] publicKey(byte[] privateKey) {
		return encode(multiply(BASE, scalar(privateKey)));
	}

	private static BigInteger scalar(byte[] privateKey) {
		byte[] half = Arrays.copyOf(sha512(privateKey), LENGTH);
		half[0] &= (byte) 0xF8;
		half[LENGTH - 1] &= 0x7F;
		half[LENGTH - 1] |= 0x40;
		return new BigInteger(1, reversed(half));
	}

	/**
	 * Multiply by doubling and adding. It is done once for a key that is read, and nobody
	 * can measure how long it takes.
	 */
	private static Point multiply(Point point, BigInteger factor) {
		Point product = NEUTRAL;
		for (int i = factor.bitLength() - 1; i >= 0; i--) {
			product = sum(product, product);
			if (factor.testBit(i)) {
				product = sum(product, point);
			}
		}
		return product;
	}

	/**
	 * Add two points by the one formula that holds for all of them, equal or neutral.
	 */
	private static Point sum(Point p, Point q) {
		BigInteger xx = p.x().multiply(q.x());
		BigInteger yy = p.y().multiply(q.y());
		BigInteger all = D.multiply(xx).multiply(yy);
		BigInteger crosswise = p.x().multiply(q.y()).add(q.x().multiply(p.y()));
		return new Point(quotient(crosswise, BigInteger.ONE.add(all)),
				quotient(yy.add(xx), BigInteger.ONE.subtract(all)));
	}

	private static BigInteger quotient(BigInteger dividend, BigInteger divisor) {
		return dividend.multiply(divisor.modInverse(PRIME)).mod(PRIME);
	}

	/**
	 * RFC 8032, section 5.1.2.
	 */
	private static byte[] encode(Point point) {
		BigInteger sign = point.x().testBit(0) ? BigInteger.ONE.shiftLeft(8 * LENGTH - 1) : BigInteger.ZERO;
		byte[] bigEndian = point.y().or(sign).toByteArray();
		byte[] encoded = new byte[LENGTH];
		for (int i = 0; i < Math.min(LENGTH, bigEndian.length); i++) {
			encoded[i] = bigEndian[bigEndian.length - 1 - i];
		}
		return encoded;
	}

	private static byte[] reversed(byte[] bytes) {
		byte[] reversed = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			reversed[i] = bytes[bytes.length - 1 - i];
		}
		return reversed;
	}

	private static byte[] sha512(byte[] bytes) {
		try {
			return MessageDigest.getInstance("SHA-512").digest(bytes);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Point(BigInteger x, BigInteger y) {
	}

}
