package io.github.evertoken.jose;

import java.time.Instant;

import com.nimbusds.jose.util.Base64URL;
import io.github.evertoken.http.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The text of a JWT (RFC 7519) as it is, without any verification, for those who read it:
 * they all find the same in it. A claim of the wrong type is theirs to judge.
 *
 * @param header its header
 * @param claims its claims, {@code null} if they are encrypted (RFC 7516)
 */
record JwtText(JsonObject header, @Nullable JsonObject claims) {

	private static final int LONGEST_TOKEN = 64 * 1024;

	private static final int PARTS = 3;

	private static final int PARTS_ENCRYPTED = 5;

	/**
	 * The last second that a calendar of four digits has.
	 */
	private static final double LAST_SECOND = 253_402_300_799d;

	/**
	 * Take a token apart.
	 * @param token the token
	 * @return its text, or {@code null} if it is no JWT, or a huge one
	 */
	static @Nullable JwtText of(String token) {
		if (token.length() > LONGEST_TOKEN || token.indexOf('.') < 0) {
			return null;
		}
		String[] parts = token.split("\\.", -1);
		JsonObject header = (parts.length == PARTS || parts.length == PARTS_ENCRYPTED) ? object(parts[0]) : null;
		if (header == null || header.string("alg") == null) {
			return null;
		}
		if (parts.length == PARTS_ENCRYPTED) {
			return (header.string("enc") != null) ? new JwtText(header, null) : null;
		}
		JsonObject claims = object(parts[1]);
		return (claims != null) ? new JwtText(header, claims) : null;
	}

	private static @Nullable JsonObject object(String part) {
		return JsonObject.parse(new Base64URL(part).decodeToString());
	}

	/**
	 * Return the time that a claim tells (RFC 7519, section 2, NumericDate). One beyond
	 * the calendar is as good as the end of it.
	 * @param claim the claim, or {@code null}
	 * @return the time, or {@code null} if it tells none
	 */
	static @Nullable Instant instant(@Nullable Object claim) {
		double seconds = (claim instanceof Number number) ? number.doubleValue() : -1;
		return (seconds >= 0) ? Instant.ofEpochMilli((long) (Math.min(seconds, LAST_SECOND) * 1000)) : null;
	}

	/**
	 * Without what it says.
	 */
	@Override
	public String toString() {
		return "JwtText[" + ((this.claims != null) ? "" : "encrypted") + "]";
	}

}
