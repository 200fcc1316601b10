package io.github.evertoken.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

import io.github.evertoken.TokenSet;
import io.github.evertoken.http.EncodedText;
import io.github.evertoken.http.HttpDate;
import io.github.evertoken.http.JsonObject;
import io.github.evertoken.jose.JwtExpiry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * A successful token response (RFC 6749, section 5.1). Every complaint is an
 * {@link IllegalArgumentException} whose message tells what is wrong, and of all values
 * none but the token type, which is still to be redacted.
 */
final class TokenResponse {

	private static final Pattern BLANKS_AROUND = Pattern.compile("^ +| +$");

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
		requireKnownType();
		Instant date = HttpDate.of(this.headers, HttpHeaders.DATE);
		Instant serverTime = (date != null) ? date : now;
		Duration lifetime = this.format.expiresInFormat().lifetime(this.format.expiresIn().in(this.json), serverTime);
		String refreshToken = intact(this.format.refreshToken());
		Duration refreshLifetime = refreshLifetime(serverTime);
		return TokenSet.withAccessToken(accessToken)
			.tokenType(this.format.scheme())
			.expiresIn((lifetime != null) ? lifetime : JwtExpiry.remaining(accessToken, serverTime))
			.refreshToken(refreshToken)
			.refreshTokenExpiresAt((refreshLifetime != null) ? now.plus(refreshLifetime) : null)
			.scope(GrantedScope.of(this.format.scope().in(this.json),
					(refreshToken != null) ? List.of(accessToken, refreshToken) : List.of(accessToken)))
			.issuerTime(date)
			.idToken(intact(this.format.idToken()))
			.build();
	}

	/**
	 * Return how long the refresh token lives, {@code null} where that is not named, or
	 * named as 0.
	 */
	private @Nullable Duration refreshLifetime(Instant serverTime) {
		for (MemberPath member : this.format.refreshExpiresIn()) {
			Duration lifetime = this.format.expiresInFormat().lifetime(member.in(this.json), serverTime);
			if (lifetime != null) {
				return lifetime;
			}
		}
		return null;
	}

	/**
	 * Tell whether there is something where the access token should be.
	 */
	boolean hasAccessToken() {
		String header = this.format.accessTokenHeader();
		if (header != null) {
			return this.headers.containsHeader(header);
		}
		Object member = this.format.accessToken().in(this.json);
		return member != null && !member.equals("") && !member.equals(false);
	}

	private String accessToken() {
		String header = this.format.accessTokenHeader();
		if (header != null) {
			return fromHeader(header);
		}
		String accessToken = this.format.accessToken().stringIn(this.json);
		if (accessToken == null) {
			throw new IllegalArgumentException("It has no " + this.format.accessToken()
					+ "; token-response.access-token tells which of its members is the access token: "
					+ MemberNames.of(this.json, this.format.accessToken()));
		}
		return withoutScheme(BLANKS_AROUND.matcher(accessToken).replaceAll(""));
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
		return withoutScheme(value);
	}

	/**
	 * Some servers give what is to stand in the header, and not the token alone.
	 */
	private String withoutScheme(String value) {
		int space = value.indexOf(' ');
		return (space > 0 && this.format.isKnownScheme(value.substring(0, space))) ? value.substring(space + 1).strip()
				: value;
	}

	/**
	 * A client must not use a token whose type it does not understand (RFC 6749, section
	 * 7.1). Many servers forget the type, and mean a bearer token; a token that must be
	 * bound to a key has to be called so (RFC 9449, section 5).
	 */
	private void requireKnownType() {
		String type = this.format.tokenType().stringIn(this.json);
		if (this.format.isSchemeRequired() && (type == null || !this.format.isKnownType(type))) {
			throw new IllegalArgumentException("Its " + this.format.tokenType() + " is not " + this.format.scheme()
					+ ", on which the client insists. See to it that the authorization server has it enabled for this"
					+ " client, or configure the client without it" + named(type));
		}
		if (type != null && !this.format.isKnownType(type)) {
			throw new IllegalArgumentException("Its " + this.format.tokenType() + " is not " + this.format.scheme()
					+ "; token-response.token-types lists what means the same" + named(type));
		}
	}

	/**
	 * What the server has written comes last, for it may be long.
	 */
	private static String named(@Nullable String type) {
		return ": " + ((type != null) ? "'" + type + "'" : "it is not there");
	}

	/**
	 * Bytes that are no character are replaced where they do no harm, and not in what is
	 * to be sent to somebody.
	 */
	private @Nullable String intact(MemberPath member) {
		String value = member.stringIn(this.json);
		if (value != null && value.indexOf(EncodedText.REPLACEMENT) >= 0) {
			throw new IllegalArgumentException("Its " + member + " has bytes that are no character");
		}
		return value;
	}

}
