package io.github.evertoken;

/**
 * What may stand in an {@code Authorization} header. The messages tell where a value is
 * wrong and never what it is.
 */
final class BearerTokens {

	private static final String SCHEME_PUNCTUATION = "!#$%&'*+-.^_`|~";

	private BearerTokens() {
	}

	/**
	 * Require what can stand in a header to the letter: {@code 1*VCHAR}, which is what
	 * RFC 6749, appendix A.12, has for an access token, without blanks. RFC 6750, section
	 * 2.1, has less, and many servers do not keep to it.
	 */
	static String requireToken(String token) {
		if (token.isEmpty()) {
			throw new IllegalArgumentException("The access token is empty");
		}
		for (int i = 0; i < token.length(); i++) {
			char c = token.charAt(i);
			if (c <= ' ' || c > '~') {
				throw complaint("The access token is no safe header value", token, i);
			}
		}
		return token;
	}

	/**
	 * Require a {@code token} (RFC 9110, section 5.6.2).
	 */
	static String requireScheme(String scheme) {
		if (scheme.isEmpty()) {
			throw new IllegalArgumentException("The token type is empty");
		}
		for (int i = 0; i < scheme.length(); i++) {
			char c = scheme.charAt(i);
			boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
			if (!alphanumeric && SCHEME_PUNCTUATION.indexOf(c) < 0) {
				throw complaint("The token type is no authentication scheme of RFC 9110, section 11.1", scheme, i);
			}
		}
		return scheme;
	}

	private static IllegalArgumentException complaint(String complaint, String text, int i) {
		return new IllegalArgumentException(complaint + ": character %d of %d is not allowed there (U+%04X)"
			.formatted(i + 1, text.length(), (int) text.charAt(i)));
	}

}
