package io.github.evertoken.grant;

import java.time.Duration;
import java.util.regex.Pattern;

import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a successful token response (RFC 6749, section 5.1). Every complaint is an
 * {@link IllegalArgumentException} whose message tells what is wrong, and never a value.
 */
final class TokenResponse {

	private static final long MAX_SECONDS = Duration.ofDays(3650).toSeconds();

	private static final Pattern DIGITS = Pattern.compile("[0-9]{1,10}");

	private TokenResponse() {
	}

	/**
	 * Read a token set.
	 * @param json the response
	 * @return a token set with an access token
	 * @throws IllegalArgumentException if the response has none, or none that can be sent
	 */
	static TokenSet read(JsonObject json) {
		String accessToken = string(json, "access_token");
		if (accessToken == null) {
			throw new IllegalArgumentException("It has no access_token");
		}
		requireBearer(string(json, "token_type"));
		return TokenSet.withAccessToken(accessToken)
			.expiresIn(lifetime(json.get("expires_in")))
			.refreshToken(string(json, "refresh_token"))
			.idToken(string(json, "id_token"))
			.build();
	}

	/**
	 * Return a string, or {@code null} where the member is absent or empty: servers that
	 * have nothing to give write both.
	 */
	private static @Nullable String string(JsonObject json, String name) {
		Object value = json.get(name);
		if (value == null || value instanceof String) {
			return json.string(name);
		}
		throw new IllegalArgumentException("Its " + name + " is not a string");
	}

	/**
	 * A client must not use a token whose type it does not understand (RFC 6749, section
	 * 7.1). Many servers forget the type, and mean a bearer token.
	 */
	private static void requireBearer(@Nullable String type) {
		if (type != null && !type.equalsIgnoreCase("Bearer")) {
			throw new IllegalArgumentException("Its token_type is not Bearer, and no other is supported");
		}
	}

	/**
	 * Return the lifetime, or {@code null} where none is named that can be believed. The
	 * token works all the same, so a zero (some servers' word for "unknown"), a negative
	 * number, more than ten years (a point in time, given by mistake) or a text does not
	 * spoil the response: the lifetime is found as if none were named.
	 */
	private static @Nullable Duration lifetime(@Nullable Object expiresIn) {
		double seconds = 0;
		if (expiresIn instanceof Number number) {
			seconds = number.doubleValue();
		}
		else if (expiresIn instanceof String text && DIGITS.matcher(text).matches()) {
			seconds = Long.parseLong(text);
		}
		boolean credible = seconds >= 1 && seconds <= MAX_SECONDS;
		return credible ? Duration.ofSeconds((long) seconds) : null;
	}

}
