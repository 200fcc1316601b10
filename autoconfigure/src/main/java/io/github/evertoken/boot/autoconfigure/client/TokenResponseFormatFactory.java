package io.github.evertoken.boot.autoconfigure.client;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.TokenResponseProperties;
import io.github.evertoken.endpoint.TokenResponseFormat;

/**
 * Reads from the properties of a client where its token responses have what.
 */
final class TokenResponseFormatFactory {

	private TokenResponseFormatFactory() {
	}

	static TokenResponseFormat of(ClientProperties client, ConfigurationProblems.OfClient problems) {
		TokenResponseProperties response = client.tokenResponse();
		TokenResponseFormat.Builder builder = TokenResponseFormat.builder();
		problems.check("token-type", () -> builder.scheme(client.tokenType()));
		problems.check("token-response.access-token", () -> builder.accessToken(response.accessToken()));
		problems.check("token-response.access-token-header",
				() -> builder.accessTokenHeader(response.accessTokenHeader()));
		problems.check("token-response.token-type", () -> builder.tokenType(response.tokenType()));
		problems.check("token-response.expires-in", () -> builder.expiresIn(response.expiresIn()));
		problems.check("token-response.refresh-token", () -> builder.refreshToken(response.refreshToken()));
		problems.check("token-response.refresh-expires-in",
				() -> builder.refreshExpiresIn(response.refreshExpiresIn()));
		problems.check("token-response.id-token", () -> builder.idToken(response.idToken()));
		problems.check("token-response.error", () -> builder.error(response.error()));
		response.errors()
			.forEach((code, kind) -> problems.check("token-response.errors", () -> builder.error(code, kind)));
		problems.check("token-response.token-types", () -> builder.tokenTypes(response.tokenTypes()));
		requireOneAccessToken(response, problems);
		return builder.expiresInFormat(response.expiresInFormat()).build();
	}

	private static void requireOneAccessToken(TokenResponseProperties response,
			ConfigurationProblems.OfClient problems) {
		boolean memberSet = !response.accessToken().equals(TokenResponseProperties.ACCESS_TOKEN);
		if (response.accessTokenHeader() != null && memberSet) {
			problems.add("token-response.access-token-header",
					"cannot be set together with " + problems.name("token-response.access-token")
							+ ": the access token is either in a header or in the body");
		}
	}

}
