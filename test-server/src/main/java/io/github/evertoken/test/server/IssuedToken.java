package io.github.evertoken.test.server;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An access token that was issued.
 *
 * @param number the first one is number 1
 * @param value the token
 * @param client the client that it was issued to
 * @param subject on whose behalf, the client itself if on nobody's
 * @param scope its scope, empty for none
 * @param expiresAt when it expires
 * @param thumbprint of the key that it is bound to, or {@code null} for a bearer token
 * @param session what it goes back to, or {@code null} if to no login
 */
record IssuedToken(int number, String value, String client, String subject, String scope, Instant expiresAt,
		@Nullable String thumbprint, @Nullable UserSession session) {

	boolean hasScope(String required) {
		return (" " + this.scope + " ").contains(" " + required + " ");
	}

	@Override
	public String toString() {
		return "IssuedToken[" + this.number + "]";
	}

}
