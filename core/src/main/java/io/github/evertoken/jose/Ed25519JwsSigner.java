package io.github.evertoken.jose;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.util.Base64URL;

/**
 * Signs with Ed25519 (RFC 8037, section 3.1) by the JDK itself. Nimbus' own signer needs
 * Google Tink, which would become a dependency of every user: no library that is here
 * anyway does it.
 */
final class Ed25519JwsSigner extends BaseJWSProvider implements JWSSigner {

	/**
	 * The default first.
	 */
	private static final Set<JWSAlgorithm> ALGORITHMS = Collections
		.unmodifiableSet(new LinkedHashSet<>(List.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519)));

	private final PrivateKey key;

	Ed25519JwsSigner(PrivateKey key) {
		super(ALGORITHMS);
		this.key = key;
	}

	@Override
	public Base64URL sign(JWSHeader header, byte[] signingInput) throws JOSEException {
		try {
			Signature signature = Signature.getInstance("Ed25519");
			signature.initSign(this.key);
			signature.update(signingInput);
			return Base64URL.encode(signature.sign());
		}
		catch (GeneralSecurityException ex) {
			throw new JOSEException("Ed25519 failed with " + ex.getClass().getSimpleName());
		}
	}

}
