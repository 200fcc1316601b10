package io.github.evertoken.jose;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.ByteUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.CredentialException;
import org.jspecify.annotations.Nullable;

/**
 * Signs the assertions of a client (RFC 7523, section 3) with one key or one secret.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class JwtSigner {

	private static final Duration MAX_LIFETIME = Duration.ofHours(1);

	private final JWSHeader header;

	private final JWSSigner signer;

	private JwtSigner(JWSHeader header, JWSSigner signer) {
		this.header = header;
		this.signer = signer;
	}

	/**
	 * Sign with a private key, whose certificate is named if it has one.
	 * @param key the key
	 * @param algorithm one that fits the key
	 * @param keyId the {@code kid}, or {@code null} for that of the key
	 * @return the signer
	 */
	public static JwtSigner of(SigningKey key, JWSAlgorithm algorithm, @Nullable String keyId) {
		JWSHeader header = header(algorithm).keyID((keyId != null) ? keyId : key.keyId())
			.x509CertSHA256Thumbprint(key.thumbprint())
			.build();
		return new JwtSigner(header, key.signer());
	}

	/**
	 * Sign with a shared secret.
	 * @param secret the secret
	 * @param algorithm one for secrets
	 * @param keyId the {@code kid}, or {@code null} for none
	 * @return the signer
	 * @throws IllegalArgumentException if the secret is too short for the algorithm (RFC
	 * 7518, section 3.2)
	 */
	public static JwtSigner of(String secret, JWSAlgorithm algorithm, @Nullable String keyId) {
		return new JwtSigner(header(algorithm).keyID(keyId).build(),
				macSigner(secret.getBytes(StandardCharsets.UTF_8), algorithm));
	}

	/**
	 * Return the algorithm of that name for a shared secret.
	 * @param name the name, or {@code null} for HS256
	 * @return the algorithm
	 * @throws IllegalArgumentException if it is none for secrets
	 */
	public static JWSAlgorithm algorithmOfSecret(@Nullable String name) {
		List<JWSAlgorithm> fitting = SigningAlgorithms.ofSecret();
		return (name != null) ? SigningAlgorithms.require(name, fitting) : fitting.get(0);
	}

	private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
		return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT);
	}

	private static JWSSigner macSigner(byte[] secret, JWSAlgorithm algorithm) {
		try {
			int needed = ByteUtils.byteLength(MACSigner.getMinRequiredSecretLength(algorithm));
			if (secret.length < needed) {
				throw new IllegalArgumentException(
						"has " + secret.length + " octets, which is too short: " + algorithm + " needs " + needed);
			}
			return new MACSigner(secret);
		}
		catch (JOSEException ex) {
			throw new IllegalArgumentException("cannot be used with " + algorithm);
		}
	}

	/**
	 * Require that an assertion lives neither for less than the second in which its times
	 * are counted, nor for so long that a stolen one would be of much use.
	 * @param lifetime the lifetime
	 * @return the lifetime
	 * @throws IllegalArgumentException if it is too short or too long
	 */
	public static Duration requireLifetime(Duration lifetime) {
		if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
			throw new IllegalArgumentException("must be from PT1S to " + MAX_LIFETIME + ", but is " + lifetime);
		}
		return lifetime;
	}

	/**
	 * Start the claims of an assertion that is valid from now on, with what is new in
	 * each.
	 * @param clock tells when now is
	 * @param lifetime for how long the assertion is valid
	 * @return the claims, to which others can be added
	 */
	public static JWTClaimsSet.Builder newClaims(Clock clock, Duration lifetime) {
		Instant now = clock.instant();
		return new JWTClaimsSet.Builder().jwtID(UUID.randomUUID().toString())
			.issueTime(Date.from(now))
			.expirationTime(Date.from(now.plus(lifetime)));
	}

	/**
	 * Return a signed JWT.
	 * @param claims what it claims
	 * @param what what it is to the client, for the exception
	 * @return the JWT in its compact form
	 * @throws CredentialException if the key does not sign
	 */
	public String sign(JWTClaimsSet claims, String what) {
		try {
			SignedJWT jwt = new SignedJWT(this.header, claims);
			jwt.sign(this.signer);
			return jwt.serialize();
		}
		catch (JOSEException ex) {
			throw new CredentialException(what, "cannot be signed with " + this.header.getAlgorithm(), null);
		}
	}

	@Override
	public String toString() {
		return this.header.getAlgorithm().getName();
	}

}
