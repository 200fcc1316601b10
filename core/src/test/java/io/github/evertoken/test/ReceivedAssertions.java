package io.github.evertoken.test;

import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.test.server.AuthorizationServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The assertions that have come to an {@link AuthorizationServer}, which has verified
 * those of the requests that it has granted.
 */
public final class ReceivedAssertions {

	private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(5);

	private ReceivedAssertions() {
	}

	/**
	 * Return the assertions of all requests that had one, granted or not. Each has a name
	 * of its own, says when it was issued, and is short-lived, which RFC 7523 leaves to
	 * the client.
	 * @param server the server
	 * @param parameter where they stand: {@code client_assertion} or {@code assertion}
	 * @return the assertions in their order
	 */
	public static List<SignedJWT> of(AuthorizationServer server, String parameter) {
		return server.requests()
			.stream()
			.map((request) -> request.parameter(parameter))
			.filter(Objects::nonNull)
			.map(ReceivedAssertions::parse)
			.toList();
	}

	/**
	 * Return what an assertion says.
	 * @param assertion the assertion
	 * @return its claims
	 */
	public static JWTClaimsSet claims(SignedJWT assertion) {
		try {
			return assertion.getJWTClaimsSet();
		}
		catch (ParseException ex) {
			throw new AssertionError(ex);
		}
	}

	private static SignedJWT parse(String assertion) {
		try {
			SignedJWT jwt = SignedJWT.parse(assertion);
			JWTClaimsSet claims = claims(jwt);
			assertThat(claims.getJWTID()).isNotEmpty();
			assertThat(Duration.between(claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
				.isBetween(Duration.ofSeconds(1), LONGEST_LIFETIME);
			return jwt;
		}
		catch (ParseException ex) {
			throw new AssertionError(ex);
		}
	}

}
