package io.github.evertoken.grant;

import java.time.Instant;
import java.util.List;

import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * A successful token response (RFC 6749, section 5.1). Every complaint is an
 * {@link IllegalArgumentException} whose message tells what is wrong, and never a value.
 */
final class TokenResponse {

	private static final String BEARER = "Bearer";

	private final TokenResponseFormat format;

	private final HttpHeaders headers;

	private final JsonObject json;

	/**
	 * Take a response.
	 * @param format where it has what
	 * @param headers its headers
	 * @param json its body
	 */
	TokenResponse(TokenResponseFormat format, HttpHeaders headers, JsonObject json) {
		this.format = format;
		this.headers = headers;
		this.json = json;
	}

	/**
	 * Read a token set.
	 * @param now the time, for a server that does not say in {@code Date} what time it is
	 * @return a token set with an access token
	 * @throws IllegalArgumentException if the response has none, or none that can be sent
	 */
	TokenSet read(Instant now) {
		String accessToken = accessToken();
		requireKnownType(this.format.tokenType().stringIn(this.json));
		return TokenSet.withAccessToken(accessToken)
			.tokenType(this.format.scheme())
			.expiresIn(this.format.expiresInFormat()
				.lifetime(this.format.expiresIn().in(this.json), HttpDate.now(this.headers, now)))
			.refreshToken(this.format.refreshToken().stringIn(this.json))
			.idToken(this.format.idToken().stringIn(this.json))
			.build();
	}

	/**
	 * Tell whether the response names the type that the token must have, if there is one
	 * that it must have.
	 */
	boolean isOfRequiredType() {
		return !this.format.isSchemeRequired()
				|| this.format.scheme().equalsIgnoreCase(String.valueOf(this.format.tokenType().in(this.json)));
	}

	private String accessToken() {
		String header = this.format.accessTokenHeader();
		if (header != null) {
			return fromHeader(header);
		}
		String accessToken = this.format.accessToken().stringIn(this.json);
		if (accessToken == null) {
			throw new IllegalArgumentException(
					"It has no " + this.format.accessToken() + MemberNames.hint(this.json, this.format.accessToken()));
		}
		return accessToken;
	}

	private String fromHeader(String name) {
		List<String> values = this.headers.getOrEmpty(name);
		if (values.size() > 1) {
			throw new IllegalArgumentException("It has several headers " + name);
		}
		String value = values.isEmpty() ? "" : values.get(0).strip();
		if (value.isEmpty()) {
			throw new IllegalArgumentException("It has no header " + name);
		}
		int space = value.indexOf(' ');
		return (space > 0 && isKnownType(value.substring(0, space))) ? value.substring(space + 1).strip() : value;
	}

	/**
	 * A client must not use a token whose type it does not understand (RFC 6749, section
	 * 7.1). Many servers forget the type, and mean a bearer token.
	 */
	private void requireKnownType(@Nullable String type) {
		if (type != null && !isKnownType(type)) {
			String scheme = this.format.scheme();
			throw new IllegalArgumentException("Its " + this.format.tokenType() + " is not Bearer"
					+ (scheme.equalsIgnoreCase(BEARER) ? ", and no other is configured" : " and not " + scheme));
		}
	}

	private boolean isKnownType(String type) {
		return type.equalsIgnoreCase(BEARER) || type.equalsIgnoreCase(this.format.scheme());
	}

}
