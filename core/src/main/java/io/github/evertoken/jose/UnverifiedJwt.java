package io.github.evertoken.jose;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.evertoken.http.JsonObject;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * What a JWT says of itself (RFC 7519), as far as it decides whether a resource server
 * accepts it: for somebody who looks for a reason. Nothing is verified, which a client
 * cannot do, and nothing but what is on a list leaves the token: never its signature.
 *
 * @param header of the header, what is there of {@code alg}, {@code typ} and {@code kid}
 * @param claims the claims that are there of those that may be seen, in the order of the
 * list; a time is an {@link java.time.Instant}, and any other value is a string, a
 * number, a boolean, or a list or map of these, without characters that are not printable
 * ASCII and of bounded length
 * @param encrypted whether the claims are encrypted (RFC 7516), so that there are none
 * here
 * @since 0.1.0
 */
public record UnverifiedJwt(Map<String, Object> header, Map<String, Object> claims, boolean encrypted) {

	private static final int LONGEST_LIST = 50;

	private static final int DEEPEST = 4;

	private static final List<String> HEADER = List.of("alg", "typ", "kid");

	/**
	 * RFC 7519, section 4.1; RFC 8693, sections 4.2 and 4.3; RFC 9068, section 2.2;
	 * {@code azp} of OpenID Connect Core, section 2; {@code scp} of Microsoft and Okta.
	 */
	private static final List<String> CLAIMS = List.of("iss", "aud", "azp", "client_id", "scope", "scp", "iat", "nbf",
			"exp", "cnf");

	private static final Set<String> TIMES = Set.of("iat", "nbf", "exp");

	/**
	 * What names the key that a token is bound to (RFC 7800, RFC 8705, RFC 9449). The key
	 * itself need not be seen.
	 */
	private static final List<String> CONFIRMATION = List.of("jkt", "x5t#S256", "kid");

	/**
	 * Read a token.
	 * @param token the token
	 * @param more names of claims that may be seen beside those that decide
	 * @return what it says, or {@code null} if it is no JWT that anybody can read
	 */
	public static @Nullable UnverifiedJwt read(String token, Collection<String> more) {
		JwtText jwt = JwtText.of(token);
		if (jwt == null) {
			return null;
		}
		JsonObject claims = jwt.claims();
		Set<String> shown = new LinkedHashSet<>(CLAIMS);
		shown.addAll(more);
		return new UnverifiedJwt(only(HEADER, jwt.header().members()),
				(claims != null) ? only(shown, claims.members()) : Map.of(), claims == null);
	}

	private static Map<String, Object> only(Collection<String> names, Map<?, ?> members) {
		Map<String, Object> shown = new LinkedHashMap<>();
		names.forEach((name) -> {
			Object value = members.get(name);
			if (value != null) {
				shown.put(name, shown(name, value));
			}
		});
		return Collections.unmodifiableMap(shown);
	}

	/**
	 * One audience is a list too, and a time that is none is shown as what it is.
	 */
	private static Object shown(String name, Object value) {
		if (name.equals("cnf") && value instanceof Map<?, ?> map) {
			return only(CONFIRMATION, map);
		}
		Instant time = TIMES.contains(name) ? JwtText.instant(value) : null;
		return (time != null) ? time
				: bounded((name.equals("aud") && value instanceof String) ? List.of(value) : value, DEEPEST);
	}

	private static Object bounded(Object value, int depth) {
		if (value instanceof Number || value instanceof Boolean) {
			return value;
		}
		if (value instanceof Collection<?> all && depth > 0) {
			return all.stream().limit(LONGEST_LIST).map((each) -> bounded(String.valueOf(each), each, depth)).toList();
		}
		if (value instanceof Map<?, ?> map && depth > 0) {
			Map<String, Object> shown = new LinkedHashMap<>();
			map.entrySet()
				.stream()
				.limit(LONGEST_LIST)
				.forEach((entry) -> shown.put(Redactor.printable(String.valueOf(entry.getKey())),
						bounded("null", entry.getValue(), depth)));
			return shown;
		}
		return Redactor.printable(value.toString());
	}

	private static Object bounded(String otherwise, @Nullable Object value, int depth) {
		return (value != null) ? bounded(value, depth - 1) : otherwise;
	}

}
