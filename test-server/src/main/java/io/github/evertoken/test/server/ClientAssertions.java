package io.github.evertoken.test.server;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

/**
 * Reads JWTs that clients have signed (RFC 7523, section 3). Whoever uses it holds the
 * server's lock.
 */
final class ClientAssertions {

	static final Duration SKEW = Duration.ofMinutes(1);

	private final Supplier<Instant> clock;

	private final Supplier<Set<String>> audiences;

	private final Set<String> seen = new HashSet<>();

	/**
	 * Create a reader.
	 * @param clock what time it is
	 * @param audiences what the server is called by those who speak to it
	 */
	ClientAssertions(Supplier<Instant> clock, Supplier<Set<String>> audiences) {
		this.clock = clock;
		this.audiences = audiences;
	}

	static SignedJWT parse(String assertion, String error) throws Refusal {
		try {
			return SignedJWT.parse(assertion);
		}
		catch (ParseException ex) {
			throw new Refusal(error, "The assertion is no signed JWT");
		}
	}

	/**
	 * Check an assertion.
	 * @param assertion what has come
	 * @param client who must have signed it
	 * @param error the error code if it is wrong
	 * @return what it says
	 * @throws Refusal if it is wrong
	 */
	JWTClaimsSet check(SignedJWT assertion, RegisteredClient client, String error) throws Refusal {
		Refusal.unless(client.hasSigned(assertion), error,
				"The assertion is not signed with what client '" + client.id() + "' is registered with");
		try {
			JWTClaimsSet claims = assertion.getJWTClaimsSet();
			Refusal.unless(claims.getSubject() != null, error, "The assertion has no sub");
			List<String> audience = claims.getAudience();
			Refusal.unless(audience.stream().anyMatch(this.audiences.get()::contains), error,
					"The aud of the assertion is " + audience + ", and none of " + this.audiences.get());
			Date expiry = claims.getExpirationTime();
			Refusal.unless(expiry != null && isAhead(expiry.toInstant()), error, "The assertion has expired");
			Refusal.unless(claims.getJWTID() == null || this.seen.add(claims.getIssuer() + " " + claims.getJWTID()),
					error, "The jti of the assertion was used before");
			return claims;
		}
		catch (ParseException ex) {
			throw new Refusal(error, "The assertion has no claims");
		}
	}

	/**
	 * Those who sign look at the system's clock, whatever the test does to the server's.
	 */
	private boolean isAhead(Instant expiry) {
		Instant latest = expiry.plus(SKEW);
		return this.clock.get().isBefore(latest) || Instant.now().isBefore(latest);
	}

}
