package io.github.evertoken.jose;

import java.time.Duration;
import java.time.Instant;

import io.github.evertoken.http.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Reads when an access token says that it expires. A client cannot verify the token and
 * does not have to: nothing but two times is read, and all that a wrong one can do is a
 * renewal too early or a 401 too many.
 *
 * @since 0.1.0
 */
public final class JwtExpiry {

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
		JwtText jwt = JwtText.of(token);
		JsonObject claims = (jwt != null) ? jwt.claims() : null;
		if (claims == null) {
			return null;
		}
		Instant issuedAt = JwtText.instant(claims.get("iat"));
		Instant expiresAt = JwtText.instant(claims.get("exp"));
		boolean odd = claims.get("iat") != null && issuedAt == null;
		return (expiresAt != null && !odd) ? remaining(issuedAt, expiresAt, now) : null;
	}

	private static @Nullable Duration remaining(@Nullable Instant issuedAt, Instant expiresAt, Instant now) {
		Duration left = Duration.between(now, expiresAt);
		Duration whole = (issuedAt != null) ? Duration.between(issuedAt, expiresAt) : left;
		Duration lifetime = (isPositive(left) && left.compareTo(whole) < 0) ? left : whole;
		return isPositive(lifetime) ? lifetime : null;
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isNegative() && !duration.isZero();
	}

}
