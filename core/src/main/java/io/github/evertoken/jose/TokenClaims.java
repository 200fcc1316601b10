package io.github.evertoken.jose;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.http.JsonObject;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * What an access token says of itself, if it is a JWT that anybody can read (RFC 7519,
 * section 4.1; RFC 9068). Nothing is verified: it is for people who want to know why a
 * token was refused. A claim of the wrong type counts as absent, and texts are redacted.
 *
 * @param audience {@code aud}, empty if there is none
 * @param scope {@code scope} or {@code scp}, empty if there is none
 * @param issuedAt {@code iat}, or {@code null}
 * @param notBefore {@code nbf}, or {@code null}
 * @param expiresAt {@code exp}, or {@code null}
 * @since 0.1.0
 */
public record TokenClaims(List<String> audience, List<String> scope, @Nullable Instant issuedAt,
		@Nullable Instant notBefore, @Nullable Instant expiresAt) {

	private static final int MOST = 16;

	/**
	 * Create claims.
	 * @param audience {@code aud}, empty if there is none
	 * @param scope {@code scope} or {@code scp}, empty if there is none
	 * @param issuedAt {@code iat}, or {@code null}
	 * @param notBefore {@code nbf}, or {@code null}
	 * @param expiresAt {@code exp}, or {@code null}
	 */
	public TokenClaims {
		audience = List.copyOf(audience);
		scope = List.copyOf(scope);
	}

	/**
	 * Read a token.
	 * @param token the token
	 * @return its claims, or {@code null} if it is no JWT that anybody can read
	 */
	public static @Nullable TokenClaims of(String token) {
		JwtText jwt = JwtText.of(token);
		JsonObject claims = (jwt != null) ? jwt.claims() : null;
		if (claims == null) {
			return null;
		}
		Redactor redactor = new Redactor(List.of(token));
		List<String> scope = words(claims.get("scope"), redactor);
		return new TokenClaims(texts(claims.get("aud"), redactor),
				scope.isEmpty() ? words(claims.get("scp"), redactor) : scope, JwtText.instant(claims.get("iat")),
				JwtText.instant(claims.get("nbf")), JwtText.instant(claims.get("exp")));
	}

	private static List<String> words(@Nullable Object claim, Redactor redactor) {
		return (claim instanceof String text) ? texts(List.of(text.split(" ")), redactor) : texts(claim, redactor);
	}

	private static List<String> texts(@Nullable Object claim, Redactor redactor) {
		Stream<?> all = (claim instanceof List<?> list) ? list.stream() : Stream.ofNullable(claim);
		List<String> texts = new ArrayList<>();
		all.filter(String.class::isInstance)
			.map(String.class::cast)
			.filter((text) -> !text.isBlank())
			.limit(MOST)
			.forEach((text) -> texts.add(redactor.redact(text)));
		return texts;
	}

}
