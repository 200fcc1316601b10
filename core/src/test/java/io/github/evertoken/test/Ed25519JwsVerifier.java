package io.github.evertoken.test;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;

/**
 * Verifies Ed25519 (RFC 8037, section 3.1) by the JDK: Nimbus leaves that to Google Tink.
 */
final class Ed25519JwsVerifier extends BaseJWSProvider implements JWSVerifier {

	/**
	 * What stands before the key in a {@code SubjectPublicKeyInfo} (RFC 8410, section 4).
	 */
	private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

	private final OctetKeyPair key;

	Ed25519JwsVerifier(OctetKeyPair key) {
		super(Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519));
		this.key = key;
	}

	@Override
	public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature) throws JOSEException {
		try {
			Signature verification = Signature.getInstance("Ed25519");
			verification.initVerify(publicKey());
			verification.update(signingInput);
			return verification.verify(signature.decode());
		}
		catch (GeneralSecurityException ex) {
			throw new JOSEException("Ed25519 failed", ex);
		}
	}

	private PublicKey publicKey() throws GeneralSecurityException {
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		encoded.writeBytes(X509_PREFIX);
		encoded.writeBytes(this.key.getDecodedX());
		return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
	}

}
