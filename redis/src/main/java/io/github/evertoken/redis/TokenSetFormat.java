package io.github.evertoken.redis;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What is encrypted: a token set, or the failure that pauses a record, as members of a
 * JSON object. Members that are not known are passed over, so that a later version can
 * add some.
 */
final class TokenSetFormat {

	private TokenSetFormat() {
	}

	/**
	 * Write a token set.
	 * @param request what stands for what it was asked for with
	 */
	static Map<String, Object> write(TokenSet tokens, String request) {
		Map<String, Object> members = new LinkedHashMap<>();
		put(members, "access_token", tokens.accessToken());
		put(members, "token_type", tokens.tokenType());
		put(members, "expires_in", tokens.expiresIn());
		put(members, "refresh_token", tokens.refreshToken());
		put(members, "refresh_token_expires_at", tokens.refreshTokenExpiresAt());
		put(members, "id_token", tokens.idToken());
		if (tokens.scope() != null) {
			members.put("scope", List.copyOf(tokens.scope()));
		}
		put(members, "issuer_time", tokens.issuerTime());
		put(members, "obtained_at", tokens.obtainedAt());
		members.put("request", request);
		return members;
	}

	private static void put(Map<String, Object> members, String name, @Nullable Object value) {
		if (value != null) {
			members.put(name, value.toString());
		}
	}

	/**
	 * Read a token set.
	 * @param request what stands for what is asked for here: an access token that was
	 * asked for with something else is left out, if there is a refresh token to ask anew
	 * @param skew by how much the clock here is before that of who has written it
	 * @throws IllegalArgumentException if it is none
	 */
	static TokenSet read(Map<String, Object> members, String request, Duration skew) {
		try {
			String accessToken = text(members, "access_token");
			String refreshToken = text(members, "refresh_token");
			if (refreshToken != null && !request.equals(members.get("request"))) {
				accessToken = null;
			}
			if (accessToken == null && refreshToken == null) {
				throw new IllegalArgumentException("There is neither an access token nor a refresh token");
			}
			return builder(accessToken, refreshToken).tokenType(String.valueOf(members.get("token_type")))
				.expiresIn(duration(text(members, "expires_in")))
				.refreshToken(refreshToken)
				.refreshTokenExpiresAt(instant(text(members, "refresh_token_expires_at"), skew))
				.idToken(text(members, "id_token"))
				.scope(texts(members.get("scope")))
				.issuerTime(instant(text(members, "issuer_time"), Duration.ZERO))
				.obtainedAt(instant(text(members, "obtained_at"), skew))
				.build();
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("A time cannot be read", ex);
		}
	}

	private static TokenSet.Builder builder(@Nullable String accessToken, @Nullable String refreshToken) {
		return (accessToken != null) ? TokenSet.withAccessToken(accessToken)
				: TokenSet.withRefreshToken(String.valueOf(refreshToken));
	}

	static Map<String, Object> write(SharedFailure failure) {
		Map<String, Object> members = new LinkedHashMap<>();
		put(members, "kind", failure.kind());
		put(members, "reason", failure.reason());
		put(members, "error", failure.error());
		put(members, "cooldown", failure.cooldown());
		members.put("ambiguous", failure.ambiguous());
		put(members, "tried", failure.tried());
		members.put("awaited", failure.awaited());
		return members;
	}

	/**
	 * Read a failure.
	 * @throws IllegalArgumentException if it is none
	 */
	static SharedFailure readFailure(Map<String, Object> members) {
		try {
			Duration cooldown = duration(text(members, "cooldown"));
			return SharedFailure
				.of(Kind.valueOf(String.valueOf(members.get("kind"))), String.valueOf(members.get("reason")),
						text(members, "error"), (cooldown != null) ? cooldown : Duration.ZERO)
				.withAmbiguous(Boolean.TRUE.equals(members.get("ambiguous")))
				.withTried(text(members, "tried"))
				.withAwaited(Boolean.TRUE.equals(members.get("awaited")));
		}
		catch (DateTimeException ex) {
			throw new IllegalArgumentException("A time cannot be read", ex);
		}
	}

	private static @Nullable String text(Map<String, Object> members, String name) {
		return (members.get(name) instanceof String text) ? text : null;
	}

	private static @Nullable Duration duration(@Nullable String text) {
		return (text != null) ? Duration.parse(text) : null;
	}

	private static @Nullable Instant instant(@Nullable String text, Duration skew) {
		return (text != null) ? Instant.parse(text).plus(skew) : null;
	}

	private static @Nullable List<String> texts(@Nullable Object member) {
		if (!(member instanceof Collection<?> elements)) {
			return null;
		}
		List<String> texts = new ArrayList<>();
		elements.forEach((element) -> texts.add(String.valueOf(element)));
		return texts;
	}

}
