package io.github.evertoken.lifecycle;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import io.github.evertoken.grant.JwtExpiry;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lifetime that an access token states itself. A client cannot verify the token
 * and does not have to: nothing but the two times is read, and all that a wrong one can
 * do is a renewal too early or a 401 too many.
 */
final class JwtLifetime {

	private static final int LONGEST_TOKEN = 64 * 1024;

	private JwtLifetime() {
	}

	/**
	 * Return what was left of a JWT's lifetime when it was obtained, see
	 * {@link JwtExpiry#remaining}.
	 */
	static @Nullable Duration of(String token, Instant obtainedAt) {
		return JwtExpiry.remaining(token, obtainedAt);
	}

	/**
	 * Return {@code exp - iat} of a JWT (RFC 7519, section 4.1).
	 * @return the lifetime, or {@code null} if the token is no JWT that anybody can read
	 * or does not have both claims in this order
	 */
	static @Nullable Duration of(String token) {
		if (token.length() > LONGEST_TOKEN) {
			return null;
		}
		try {
			JWTClaimsSet claims = JWTParser.parse(token).getJWTClaimsSet();
			return (claims != null) ? between(claims.getIssueTime(), claims.getExpirationTime()) : null;
		}
		catch (ParseException | IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable Duration between(@Nullable Date issuedAt, @Nullable Date expiresAt) {
		if (issuedAt == null || expiresAt == null || !issuedAt.before(expiresAt)) {
			return null;
		}
		return Duration.between(issuedAt.toInstant(), expiresAt.toInstant());
	}

}
