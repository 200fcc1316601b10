package io.github.evertoken.grant;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * As much of DER (ITU-T X.690) as it takes to put an RSA or EC key of the older formats
 * into the envelope of PKCS#8 (RFC 5208), the only one that the JDK knows.
 */
final class Der {

	private static final int OCTET_STRING = 0x04;

	private static final int SEQUENCE = 0x30;

	/**
	 * The tag of the curve in an {@code ECPrivateKey} (RFC 5915, section 3).
	 */
	private static final int PARAMETERS = 0xA0;

	private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");

	/**
	 * {@code rsaEncryption}, 1.2.840.113549.1.1.1, and its parameters, which are NULL.
	 */
	private static final byte[] RSA = HexFormat.of().parseHex("06092A864886F70D0101010500");

	/**
	 * {@code id-ecPublicKey}, 1.2.840.10045.2.1.
	 */
	private static final byte[] EC = HexFormat.of().parseHex("06072A8648CE3D0201");

	private Der() {
	}

	/**
	 * Put an {@code RSAPrivateKey} (PKCS#1, RFC 8017, appendix A.1.2) into an envelope.
	 */
	static byte[] envelopeOfRsa(byte[] key) {
		return encode(SEQUENCE, VERSION_0, encode(SEQUENCE, RSA), encode(OCTET_STRING, key));
	}

	/**
	 * Put an {@code ECPrivateKey} (SEC1, RFC 5915) into an envelope, which repeats the
	 * curve that it names.
	 * @return the envelope, or {@code null} if the key names no curve, or is none
	 */
	static byte @Nullable [] envelopeOfEc(byte[] key) {
		byte[] content = contentOf(key, SEQUENCE);
		byte[] curve = (content != null) ? contentOf(content, PARAMETERS) : null;
		return (curve != null) ? encode(SEQUENCE, VERSION_0, encode(SEQUENCE, EC, curve), encode(OCTET_STRING, key))
				: null;
	}

	/**
	 * Return the content of the first of several elements that has the tag.
	 */
	private static byte @Nullable [] contentOf(byte[] elements, int tag) {
		int position = 0;
		while (position + 2 <= elements.length) {
			int length = elements[position + 1] & 0xFF;
			int start = position + 2;
			if (length > 0x80) {
				int octets = length - 0x80;
				length = number(elements, start, octets);
				start += octets;
			}
			if (length < 0 || length > elements.length - start) {
				return null;
			}
			if ((elements[position] & 0xFF) == tag) {
				return Arrays.copyOfRange(elements, start, start + length);
			}
			position = start + length;
		}
		return null;
	}

	private static int number(byte[] elements, int start, int octets) {
		if (octets > 3 || start + octets > elements.length) {
			return -1;
		}
		int number = 0;
		for (int i = start; i < start + octets; i++) {
			number = number << 8 | elements[i] & 0xFF;
		}
		return number;
	}

	private static byte[] encode(int tag, byte[]... contents) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (byte[] each : contents) {
			content.writeBytes(each);
		}
		int length = content.size();
		ByteArrayOutputStream element = new ByteArrayOutputStream();
		element.write(tag);
		if (length < 0x80) {
			element.write(length);
		}
		else {
			int octets = (39 - Integer.numberOfLeadingZeros(length)) / 8;
			element.write(0x80 | octets);
			for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
				element.write(length >> shift);
			}
		}
		element.writeBytes(content.toByteArray());
		return element.toByteArray();
	}

}
