package io.github.evertoken.gateway;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Reads the bearer token of a request from its {@code Authorization} header (RFC 6750,
 * section 2.1).
 */
final class BearerToken {

	private static final Pattern CREDENTIALS = Pattern.compile("Bearer +([A-Za-z0-9._~+/-]+=*)",
			Pattern.CASE_INSENSITIVE);

	private BearerToken() {
	}

	/**
	 * Return the token, or {@code null} if there is none that is well-formed, or more
	 * than one header.
	 */
	static @Nullable String of(HttpHeaders headers) {
		List<String> values = headers.getOrEmpty(HttpHeaders.AUTHORIZATION);
		if (values.size() != 1) {
			return null;
		}
		Matcher credentials = CREDENTIALS.matcher(values.get(0).strip());
		return credentials.matches() ? credentials.group(1) : null;
	}

}
