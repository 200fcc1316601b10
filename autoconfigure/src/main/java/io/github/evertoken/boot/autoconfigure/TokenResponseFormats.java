package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.boot.autoconfigure.EvertokenProperties.Client;
import io.github.evertoken.boot.autoconfigure.EvertokenProperties.TokenResponse;
import io.github.evertoken.grant.TokenResponseFormat;

/**
 * Reads from the properties of a client where its token responses have what.
 */
final class TokenResponseFormats {

	private TokenResponseFormats() {
	}

	static TokenResponseFormat of(Client client, ConfigurationProblems.OfClient problems) {
		TokenResponse response = client.getTokenResponse();
		TokenResponseFormat.Builder builder = TokenResponseFormat.builder();
		problems.check("token-type", () -> builder.scheme(client.getTokenType()));
		problems.check("token-response.access-token", () -> builder.accessToken(response.getAccessToken()));
		problems.check("token-response.access-token-header",
				() -> builder.accessTokenHeader(response.getAccessTokenHeader()));
		problems.check("token-response.token-type", () -> builder.tokenType(response.getTokenType()));
		problems.check("token-response.expires-in", () -> builder.expiresIn(response.getExpiresIn()));
		problems.check("token-response.refresh-token", () -> builder.refreshToken(response.getRefreshToken()));
		problems.check("token-response.id-token", () -> builder.idToken(response.getIdToken()));
		problems.check("token-response.error", () -> builder.error(response.getError()));
		response.getErrors()
			.forEach((code, kind) -> problems.check("token-response.errors", () -> builder.error(code, kind)));
		problems.check("token-response.token-types", () -> builder.tokenTypes(response.getTokenTypes()));
		requireOneAccessToken(response, problems);
		return builder.expiresInFormat(response.getExpiresInFormat()).build();
	}

	private static void requireOneAccessToken(TokenResponse response, ConfigurationProblems.OfClient problems) {
		boolean memberSet = !response.getAccessToken().equals(new TokenResponse().getAccessToken());
		if (response.getAccessTokenHeader() != null && memberSet) {
			problems.add("token-response.access-token-header",
					"cannot be set together with " + problems.name("token-response.access-token")
							+ ": the access token is either in a header or in the body");
		}
	}

}
