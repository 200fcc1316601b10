package io.github.evertoken.grant;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * What the JDK does not offer for Ed25519 keys (RFC 8032): a way from the private key to
 * its public one.
 */
final class Ed25519 {

	private static final int LENGTH = 32;

	private Ed25519() {
	}

	/**
	 * Return the public key that belongs to a private one (RFC 8032, section 5.1.5). A
	 * private key is nothing but random octets: a generator that is given these for
	 * random ones generates this pair.
	 * @throws IllegalStateException if the security provider generates otherwise
	 */
	static byte[] publicKey(byte[] privateKey) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
			generator.initialize(NamedParameterSpec.ED25519, new Given(privateKey));
			KeyPair pair = generator.generateKeyPair();
			if (!(pair.getPrivate() instanceof EdECPrivateKey generated)
					|| !Arrays.equals(privateKey, generated.getBytes().orElse(null))) {
				throw new IllegalStateException("The security provider " + generator.getProvider()
						+ " does not generate the key pair of a given Ed25519 key");
			}
			// RFC 8410, section 4: the octets of the key are the end of its encoding.
			byte[] encoded = pair.getPublic().getEncoded();
			return Arrays.copyOfRange(encoded, encoded.length - LENGTH, encoded.length);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("No security provider knows Ed25519", ex);
		}
	}

	/**
	 * Takes given octets for random ones.
	 */
	private static final class Given extends SecureRandom {

		private static final long serialVersionUID = 1L;

		private final byte[] octets;

		Given(byte[] octets) {
			this.octets = octets;
		}

		@Override
		public void nextBytes(byte[] bytes) {
			System.arraycopy(this.octets, 0, bytes, 0, bytes.length);
		}

	}

}
