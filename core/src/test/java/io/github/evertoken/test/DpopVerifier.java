package io.github.evertoken.test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Verifies DPoP proofs as a server has to (RFC 9449, section 4.3), and hands out nonces.
 * <p>
 * It is thread-safe.
 */
public final class DpopVerifier {

	private static final Duration WINDOW = Duration.ofSeconds(60);

	private final Set<String> seen = new HashSet<>();

	private final List<SignedJWT> proofs = new ArrayList<>();

	private @Nullable String nonce;

	private boolean required;

	/**
	 * Require a nonce from now on, and no other any more.
	 * @param nonce the nonce, given with every answer
	 */
	public synchronized void require(String nonce) {
		this.nonce = nonce;
		this.required = true;
	}

	/**
	 * Give a nonce with every answer, without requiring it.
	 * @param nonce the nonce
	 */
	public synchronized void give(String nonce) {
		this.nonce = nonce;
		this.required = false;
	}

	/**
	 * Return the nonce to give with an answer.
	 * @return the nonce, or {@code null} for none
	 */
	public synchronized @Nullable String nonce() {
		return this.nonce;
	}

	/**
	 * Return the proofs that have come, right or wrong.
	 * @return the proofs in their order
	 */
	public synchronized List<SignedJWT> proofs() {
		return List.copyOf(this.proofs);
	}

	/**
	 * Return one claim of all proofs that have come.
	 * @param name the name of the claim
	 * @return the values, {@code null} where a proof does not have the claim
	 */
	public List<@Nullable Object> claims(String name) {
		List<@Nullable Object> values = new ArrayList<>();
		proofs().forEach((proof) -> values.add(claimsOf(proof).getClaim(name)));
		return values;
	}

	/**
	 * Verify the proof of a request.
	 * @param request the request
	 * @param accessToken the access token that it brings, or {@code null} in a token
	 * request
	 * @return the thumbprint of the key that has signed the proof
	 * @throws Refusal if the proof is wrong
	 */
	public synchronized String verify(RecordedRequest request, @Nullable String accessToken) throws Refusal {
		List<String> headers = request.getHeaders().values("DPoP");
		require(headers.size() == 1, headers.size() + " proofs");
		try {
			SignedJWT proof = SignedJWT.parse(headers.get(0));
			this.proofs.add(proof);
			String thumbprint = verifyHeader(proof);
			verifyClaims(proof.getJWTClaimsSet(), request, accessToken);
			return thumbprint;
		}
		catch (ParseException | JOSEException ex) {
			throw new Refusal("invalid_dpop_proof", ex.getMessage());
		}
	}

	/**
	 * Return what verifies a proof with the key that it brings along.
	 * @param proof the proof
	 * @return the verifier
	 * @throws JOSEException if the key is none
	 */
	public static JWSVerifier verifier(SignedJWT proof) throws JOSEException {
		JWK key = proof.getHeader().getJWK();
		return (key instanceof OctetKeyPair pair) ? new Ed25519JwsVerifier(pair) : new DefaultJWSVerifierFactory()
			.createJWSVerifier(proof.getHeader(), ((AsymmetricJWK) key).toPublicKey());
	}

	private static String verifyHeader(SignedJWT proof) throws Refusal, JOSEException {
		JWK key = proof.getHeader().getJWK();
		JWSAlgorithm algorithm = proof.getHeader().getAlgorithm();
		require("dpop+jwt".equals(String.valueOf(proof.getHeader().getType())), "typ");
		require(JWSAlgorithm.Family.SIGNATURE.contains(algorithm), "alg");
		require(key instanceof AsymmetricJWK && !key.isPrivate(), "jwk");
		require(key.getKeyID() == null && key.getX509CertChain() == null, "more in the jwk than the key");
		require(proof.verify(verifier(proof)), "signature");
		return key.computeThumbprint().toString();
	}

	private void verifyClaims(JWTClaimsSet claims, RecordedRequest request, @Nullable String accessToken)
			throws Refusal {
		String uri = "http://" + request.getHeaders().get("Host") + request.getUrl().encodedPath();
		require(request.getMethod().equals(claims.getClaim("htm")), "htm " + claims.getClaim("htm"));
		require(uri.equals(claims.getClaim("htu")), "htu " + claims.getClaim("htu") + " instead of " + uri);
		Instant issuedAt = claims.getIssueTime().toInstant();
		require(Duration.between(issuedAt, Instant.now()).abs().compareTo(WINDOW) < 0, "iat");
		String ath = (accessToken != null) ? sha256(accessToken) : null;
		require((ath == null) ? claims.getClaim("ath") == null : ath.equals(claims.getClaim("ath")), "ath");
		require(claims.getJWTID() != null && this.seen.add(claims.getJWTID()), "jti is replayed");
		if (this.required && !String.valueOf(this.nonce).equals(claims.getClaim("nonce"))) {
			throw new Refusal("use_dpop_nonce", "nonce");
		}
	}

	private static String sha256(String text) {
		try {
			return Base64URL
				.encode(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)))
				.toString();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void require(boolean condition, String what) throws Refusal {
		if (!condition) {
			throw new Refusal("invalid_dpop_proof", what);
		}
	}

	private static JWTClaimsSet claimsOf(SignedJWT proof) {
		try {
			return proof.getJWTClaimsSet();
		}
		catch (ParseException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The proof is wrong.
	 */
	public static final class Refusal extends Exception {

		private static final long serialVersionUID = 1L;

		private final String error;

		Refusal(String error, @Nullable String what) {
			super(what);
			this.error = error;
		}

		/**
		 * Return the error code of RFC 9449.
		 * @return the code
		 */
		public String error() {
			return this.error;
		}

	}

}
