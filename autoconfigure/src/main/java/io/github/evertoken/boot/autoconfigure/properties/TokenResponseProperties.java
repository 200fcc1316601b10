package io.github.evertoken.boot.autoconfigure.properties;

import java.util.List;
import java.util.Map;

import io.github.evertoken.endpoint.ExpiresInFormat;
import io.github.evertoken.endpoint.FailureKind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a token response has what. A member is named by its name, or by the names on the
 * way to it, separated by dots.
 *
 * @param accessToken Member that is the access token: its name, such as accessToken, or
 * the names on the way to it, such as data.token.value or tokens[0].
 * @param accessTokenHeader Header of the response that has the access token instead of a
 * member, with or without Bearer before it.
 * @param tokenType Member that is the type of the access token.
 * @param expiresIn Member that tells when the access token expires.
 * @param expiresInFormat How that member is to be read: as a lifetime, or as a point in
 * time since 1970 or of ISO 8601, such as 2026-11-23T20:00:00Z.
 * @param refreshToken Member that is the refresh token.
 * @param refreshExpiresIn Member that tells when the refresh token expires, and with it
 * the session, read as expires-in is. By default refresh_expires_in, or else
 * refresh_token_expires_in.
 * @param idToken Member that is the ID token.
 * @param error Member of an answer without a token, whatever its status, that is the
 * error code, such as error_code, error.code or errors[0].code.
 * @param errors What error codes mean, by the code: that somebody must log in again, that
 * only another configuration can help, or that time can.
 * @param tokenTypes Types of a token that count as the configured one beside its own name
 * and Bearer, whatever their case and blanks, such as BearerToken. Any other type is
 * refused.
 * @since 0.1.0
 */
public record TokenResponseProperties(@DefaultValue(TokenResponseProperties.ACCESS_TOKEN) String accessToken,
		@Nullable String accessTokenHeader, @DefaultValue("token_type") String tokenType,
		@DefaultValue("expires_in") String expiresIn, @DefaultValue("seconds") ExpiresInFormat expiresInFormat,
		@DefaultValue("refresh_token") String refreshToken, @Nullable String refreshExpiresIn,
		@DefaultValue("id_token") String idToken, @DefaultValue("error") String error,
		@DefaultValue Map<String, FailureKind> errors, @DefaultValue List<String> tokenTypes) {

	public static final String ACCESS_TOKEN = "access_token";

}
