package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.evertoken.AccessToken;
import io.github.evertoken.jose.UnverifiedJwt;

/**
 * A token taken apart: what it says of itself, and never the token or its signature.
 *
 * @param type what stands before it in an {@code Authorization} header
 * @param format {@code jwt}, {@code encrypted-jwt} or {@code opaque}
 * @param says what that means for whoever looks
 * @param header {@code alg}, {@code typ} and {@code kid} of a JWT
 * @param claims the claims of a JWT that decide whether it is accepted, and those that
 * are configured to be shown
 */
record TokenReport(String type, String format, String says, Map<String, Object> header, Map<String, Object> claims) {

	static TokenReport of(AccessToken token, Collection<String> moreClaims, Instant now) {
		UnverifiedJwt jwt = UnverifiedJwt.read(token.value(), moreClaims);
		if (jwt == null) {
			return new TokenReport(token.tokenType(), "opaque",
					"It is opaque: nothing of it can be read here, and only the authorization server can tell"
							+ " what it stands for",
					Map.of(), Map.of());
		}
		return jwt.encrypted()
				? new TokenReport(token.tokenType(), "encrypted-jwt",
						"It is encrypted: only who it is for can read its claims", jwt.header(), Map.of())
				: new TokenReport(token.tokenType(), "jwt",
						"This is what it says of itself. Nobody has verified it here", jwt.header(),
						withWords(jwt.claims(), now));
	}

	private static Map<String, Object> withWords(Map<String, Object> claims, Instant now) {
		Map<String, Object> all = new LinkedHashMap<>();
		claims.forEach((name, value) -> all.put(name, (value instanceof Instant at) ? TimePoint.of(at, now) : value));
		return all;
	}

}
