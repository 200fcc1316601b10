package io.github.evertoken.test.server;

import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/**
 * Checks proofs of possession (RFC 9449, section 4.3). Whoever uses it holds the server's
 * lock.
 */
final class DpopCheck {

	private static final String INVALID = "invalid_dpop_proof";

	private static final Duration LONGEST_WAY = Duration.ofMinutes(5);

	private final Supplier<Instant> clock;

	private final Set<String> seen = new HashSet<>();

	DpopCheck(Supplier<Instant> clock) {
		this.clock = clock;
	}

	/**
	 * Check the proof of a request.
	 * @param request the request
	 * @param uri its URI, without a query
	 * @param accessToken the access token that it carries, or {@code null}
	 * @param nonce the nonce that the proof must have, or {@code null} for any
	 * @return the thumbprint of the key that has signed it, or {@code null} if there is
	 * no proof
	 * @throws Refusal if it is wrong
	 */
	@Nullable String check(HttpRequest request, String uri, @Nullable String accessToken, @Nullable String nonce) throws Refusal {
		List<String> proofs = request.all("DPoP");
		if (proofs.isEmpty()) {
			return null;
		}
		require(proofs.size() == 1, "There are " + proofs.size() + " proofs");
		try {
			SignedJWT proof = SignedJWT.parse(proofs.get(0));
			JWK key = proof.getHeader().getJWK();
			require("dpop+jwt".equals(String.valueOf(proof.getHeader().getType())), "The typ is not dpop+jwt");
			require(key != null && !key.isPrivate(), "There is no public key in it");
			require(Signatures.isGood(proof, Signatures.publicKey(key)), "The signature is wrong");
			checkClaims(proof.getJWTClaimsSet(), request, uri, accessToken);
			Refusal.unless(nonce == null || nonce.equals(proof.getJWTClaimsSet().getClaim("nonce")), "use_dpop_nonce",
					"The proof must have the nonce that comes with this answer");
			return key.computeThumbprint().toString();
		}
		catch (ParseException | JOSEException | GeneralSecurityException ex) {
			throw new Refusal(INVALID, "The proof cannot be read");
		}
	}

	private void checkClaims(JWTClaimsSet claims, HttpRequest request, String uri, @Nullable String accessToken)
			throws Refusal {
		require(request.method().equals(claims.getClaim("htm")), "The htm is not " + request.method());
		require(uri.equals(claims.getClaim("htu")), "The htu is not " + uri);
		Date issuedAt = claims.getIssueTime();
		require(issuedAt != null && isNow(issuedAt.toInstant()), "The iat is not now");
		String hash = (accessToken != null) ? Signatures.sha256(accessToken) : null;
		require((hash == null) ? claims.getClaim("ath") == null : hash.equals(claims.getClaim("ath")),
				"The ath is not that of the access token");
		String id = claims.getJWTID();
		require(id != null && !id.isEmpty(), "There is no jti");
		require(this.seen.add(id), "The jti was used before");
	}

	/**
	 * Those who sign look at the system's clock, whatever the test does to the server's.
	 */
	private boolean isNow(Instant instant) {
		return isNear(instant, this.clock.get()) || isNear(instant, Instant.now());
	}

	private static boolean isNear(Instant issuedAt, Instant now) {
		return issuedAt.isAfter(now.minus(LONGEST_WAY)) && issuedAt.isBefore(now.plus(ClientAssertions.AHEAD));
	}

	private static void require(boolean condition, String description) throws Refusal {
		Refusal.unless(condition, INVALID, description);
	}

}
