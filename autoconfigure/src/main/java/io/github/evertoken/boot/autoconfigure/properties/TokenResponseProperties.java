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
 * @param accessToken Member that is the access token, such as accessToken or
 * data.token.value.
 * @param accessTokenHeader Header of the response that has the access token instead of a
 * member.
 * @param tokenType Member that is the type of the access token.
 * @param expiresIn Member that tells when the access token expires.
 * @param expiresInFormat How that member is to be read.
 * @param refreshToken Member that is the refresh token.
 * @param refreshExpiresIn Member that tells when the refresh token expires, read as
 * expires-in is. By default refresh_expires_in, or else refresh_token_expires_in.
 * @param idToken Member that is the ID token.
 * @param error Member that is the error code, such as error_code, error.code or
 * errors[0].code.
 * @param errors What error codes mean: reauthentication, refused or transient.
 * @param tokenTypes Types of a token that count as the configured one, whatever their
 * case and blanks, such as BearerToken.
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
