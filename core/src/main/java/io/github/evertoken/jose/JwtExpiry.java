package io.github.evertoken.jose;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads when an access token says that it expires. A client cannot verify the token and
 * does not have to: nothing but two times is read, and all that a wrong one can do is a
 * renewal too early or a 401 too many.
 *
 * @since 0.1.0
 */
public final class JwtExpiry {

	private static final int LONGEST_TOKEN = 64 * 1024;

	private JwtExpiry() {
	}

	/**
	 * Return what is left of the lifetime of a JWT (RFC 7519, section 4.1): {@code exp}
	 * minus now, for the token may have been issued long ago and handed out again. More
	 * than {@code exp} minus {@code iat}, or nothing at all, can only be left by a clock
	 * that is wrong: then that difference counts, if the token has it.
	 * @param token the token
	 * @param now the time at which it was handed out
	 * @return the lifetime, positive, or {@code null} if the token is no JWT that anybody
	 * can read or does not tell one
	 */
	public static @Nullable Duration remaining(String token, Instant now) {
		if (token.length() > LONGEST_TOKEN || token.indexOf('.') < 0) {
			return null;
		}
		try {
			JWTClaimsSet claims = JWTParser.parse(token).getJWTClaimsSet();
			Date expiresAt = (claims != null) ? claims.getExpirationTime() : null;
			return (expiresAt != null) ? remaining(claims.getIssueTime(), expiresAt.toInstant(), now) : null;
		}
		catch (ParseException | IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable Duration remaining(@Nullable Date issuedAt, Instant expiresAt, Instant now) {
		Duration left = Duration.between(now, expiresAt);
		Duration whole = (issuedAt != null) ? Duration.between(issuedAt.toInstant(), expiresAt) : left;
		Duration lifetime = (isPositive(left) && left.compareTo(whole) < 0) ? left : whole;
		return isPositive(lifetime) ? lifetime : null;
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

}
