package io.github.evertoken.dpop;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs DPoP proofs (RFC 9449, section 4.2).
 * <p>
 * Instances are immutable and thread-safe. The key never appears in {@link #toString()}.
 */
final class DpopKey {

	/**
	 * RSA keys take so long that no flight should wait for one.
	 */
	private static final List<JWSAlgorithm> GENERABLE = List.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384,
			JWSAlgorithm.ES512);

	private final JWSHeader header;

	private final JWSSigner signer;

	private final Base64URL thumbprint;

	private DpopKey(JWSHeader header, JWSSigner signer, Base64URL thumbprint) {
		this.header = header;
		this.signer = signer;
		this.thumbprint = thumbprint;
	}

	/**
	 * Use a key.
	 * @param key an EC, Ed25519 or RSA key with its public half
	 * @param algorithm the algorithm, or {@code null} for the first that fits
	 * @throws IllegalArgumentException if the key cannot be used, or not with the
	 * algorithm; the message goes on where the name of what was set ends
	 */
	static DpopKey of(SigningKey key, @Nullable String algorithm) {
		JWSAlgorithm fitting = key.algorithm(algorithm);
		JWK publicKey = key.publicKey();
		if (publicKey == null) {
			throw new IllegalArgumentException("is a private key without its public half, which a proof has to show;"
					+ " put the public key (-----BEGIN PUBLIC KEY-----, which 'openssl pkey -pubout' writes) or the"
					+ " certificate beside it, or use a JWK");
		}
		JWSHeader header = new JWSHeader.Builder(fitting).type(new JOSEObjectType("dpop+jwt")).jwk(publicKey).build();
		try {
			return new DpopKey(header, key.signer(), publicKey.computeThumbprint());
		}
		catch (JOSEException ex) {
			throw new IllegalStateException("A JWK has no thumbprint", ex);
		}
	}

	/**
	 * Return the algorithm of that name for which a key can be generated.
	 */
	static JWSAlgorithm requireGenerable(String algorithm) {
		return GENERABLE.stream()
			.filter((generable) -> generable.getName().equals(algorithm))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("must be "
					+ GENERABLE.stream().map(JWSAlgorithm::getName).collect(Collectors.joining(" or "))
					+ " for a key that is generated, but is '" + algorithm.replaceAll("\\p{Cntrl}", "?") + "'"));
	}

	/**
	 * Generate a key.
	 * @param algorithm one for which a key {@linkplain #requireGenerable can be}
	 * generated
	 */
	static DpopKey generate(JWSAlgorithm algorithm) {
		try {
			Curve curve = Objects.requireNonNull(Curve.forJWSAlgorithm(algorithm)).iterator().next();
			return of(SigningKey.of(new ECKeyGenerator(curve).generate()), algorithm.getName());
		}
		catch (JOSEException ex) {
			throw new IllegalStateException("No key for " + algorithm + " can be generated", ex);
		}
	}

	/**
	 * Return a signed JWT.
	 */
	String sign(JWTClaimsSet claims) {
		SignedJWT proof = new SignedJWT(this.header, claims);
		try {
			proof.sign(this.signer);
		}
		catch (JOSEException ex) {
			throw new IllegalStateException("The DPoP key cannot sign", ex);
		}
		return proof.serialize();
	}

	/**
	 * Return the thumbprint (RFC 7638) by which a token says that it is bound to this key
	 * (RFC 9449, section 6.1).
	 */
	String thumbprint() {
		return this.thumbprint.toString();
	}

	@Override
	public String toString() {
		return "DpopKey[" + this.header.getAlgorithm() + "]";
	}

}
