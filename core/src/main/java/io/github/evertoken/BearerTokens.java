package io.github.evertoken;

/**
 * What may stand in an {@code Authorization} header. The messages tell where a value is
 * wrong and never what it is.
 */
final class BearerTokens {

	private static final String SCHEME_PUNCTUATION = "!#$%&'*+-.^_`|~";

	private static final String B64TOKEN_PUNCTUATION = "-._~+/";

	private BearerTokens() {
	}

	/**
	 * Require {@code 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="} (RFC
	 * 6750, section 2.1).
	 */
	static String requireB64Token(String token) {
		int end = token.length();
		while (end > 0 && token.charAt(end - 1) == '=') {
			end--;
		}
		if (end == 0) {
			throw new IllegalArgumentException("The access token is empty");
		}
		requireOnly(token, end, B64TOKEN_PUNCTUATION, "The access token is no b64token of RFC 6750, section 2.1");
		return token;
	}

	/**
	 * Require a {@code token} (RFC 9110, section 5.6.2).
	 */
	static String requireScheme(String scheme) {
		if (scheme.isEmpty()) {
			throw new IllegalArgumentException("The token type is empty");
		}
		requireOnly(scheme, scheme.length(), SCHEME_PUNCTUATION,
				"The token type is no authentication scheme of RFC 9110, section 11.1");
		return scheme;
	}

	private static void requireOnly(String text, int end, String punctuation, String complaint) {
		for (int i = 0; i < end; i++) {
			char c = text.charAt(i);
			boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
			if (!alphanumeric && punctuation.indexOf(c) < 0) {
				throw new IllegalArgumentException(complaint + ": character %d of %d is not allowed there (U+%04X)"
					.formatted(i + 1, text.length(), (int) c));
			}
		}
	}

}
