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
import org.jspecify.annotations.Nullable;

/**
 * Reads JWTs that clients have signed themselves (RFC 7523, section 3). Whoever uses it
 * holds the server's lock.
 */
final class ClientAssertions {

	private static final Duration SKEW = Duration.ofMinutes(1);

	private static final Duration LONGEST_LIFETIME = Duration.ofHours(1);

	/**
	 * How far ahead the clock of those who sign may be.
	 */
	static final Duration AHEAD = Duration.ofSeconds(10);

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
		JWTClaimsSet claims = verify(assertion, client, error);
		Refusal.unless(client.id().equals(claims.getIssuer()), error,
				"The iss of the assertion is not client '" + client.id() + "'");
		return accept(claims, client, error);
	}

	/**
	 * Check a JWT-SVID (SPIFFE), which has a SPIFFE ID as its {@code sub}, and need not
	 * say who has issued it.
	 * @param assertion what has come
	 * @param client who is registered with that name, and with the key of its trust
	 * domain
	 * @param error the error code if it is wrong
	 * @throws Refusal if it is wrong
	 */
	void checkSvid(SignedJWT assertion, RegisteredClient client, String error) throws Refusal {
		Refusal.unless(client.id().startsWith("spiffe://"), error, "The sub of the assertion is no SPIFFE ID");
		Refusal.unless(client.key() != null, error,
				"There is no key of a trust domain for client '" + client.id() + "'");
		accept(verify(assertion, client, error), client, error);
	}

	private static JWTClaimsSet verify(SignedJWT assertion, RegisteredClient client, String error) throws Refusal {
		Refusal.unless(client.hasSigned(assertion), error,
				"The assertion is not signed with what client '" + client.id() + "' is registered with");
		try {
			return assertion.getJWTClaimsSet();
		}
		catch (ParseException ex) {
			throw new Refusal(error, "The assertion has no claims");
		}
	}

	private JWTClaimsSet accept(JWTClaimsSet claims, RegisteredClient client, String error) throws Refusal {
		Refusal.unless(claims.getSubject() != null, error, "The assertion has no sub");
		List<String> audience = claims.getAudience();
		// One that is for others too could be shown here by them.
		Refusal.unless(audience.size() == 1 && this.audiences.get().containsAll(audience), error,
				"The aud of the assertion is " + audience + ", and not one of " + this.audiences.get());
		String flaw = flaw(claims, this.clock.get());
		// Those who sign look at the system's clock, whatever the test does to the
		// server's.
		Refusal.unless(flaw == null || flaw(claims, Instant.now()) == null, error, String.valueOf(flaw));
		Refusal.unless(claims.getJWTID() == null || this.seen.add(client.id() + " " + claims.getJWTID()), error,
				"The jti of the assertion was used before");
		return claims;
	}

	/**
	 * Return what is wrong with the times of an assertion, or {@code null} if nothing is.
	 */
	private static @Nullable String flaw(JWTClaimsSet claims, Instant now) {
		Date expiry = claims.getExpirationTime();
		if (expiry == null || !now.isBefore(expiry.toInstant().plus(SKEW))) {
			return "The assertion has expired";
		}
		if (expiry.toInstant().isAfter(now.plus(LONGEST_LIFETIME).plus(SKEW))) {
			return "The assertion is valid for more than an hour";
		}
		return (isAhead(claims.getIssueTime(), now) || isAhead(claims.getNotBeforeTime(), now))
				? "The assertion is of a time to come" : null;
	}

	private static boolean isAhead(@Nullable Date date, Instant now) {
		return date != null && date.toInstant().isAfter(now.plus(AHEAD));
	}

}
