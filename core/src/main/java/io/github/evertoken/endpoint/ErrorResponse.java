package io.github.evertoken.endpoint;

import io.github.evertoken.http.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint says about an error (RFC 6749, section 5.2).
 *
 * @param code the error code, or {@code null} if there is none
 * @param description the description, or {@code null} if there is none
 * @param isUnreadable whether there is an error, but none with a code
 */
record ErrorResponse(@Nullable String code, @Nullable String description, boolean isUnreadable) {

	/**
	 * Without the description, which nobody has redacted yet.
	 */
	@Override
	public String toString() {
		return "ErrorResponse[code=" + this.code + ", isUnreadable=" + this.isUnreadable + "]";
	}

	/**
	 * Read what an answer says.
	 * @param json its body, or {@code null} if that is no JSON object
	 * @param format where it has what
	 */
	static ErrorResponse of(@Nullable JsonObject json, TokenResponseFormat format) {
		if (json == null) {
			return new ErrorResponse(null, null, false);
		}
		Object error = format.error().in(json);
		String code = format.error().textIn(json);
		boolean none = error == null || error.equals("") || error.equals(false);
		return new ErrorResponse(code, json.string("error_description"), code == null && !none);
	}

}
