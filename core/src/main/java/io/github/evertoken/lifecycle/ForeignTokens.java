package io.github.evertoken.lifecycle;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;

/**
 * Says what a client can use of a token set that it has not obtained itself just now: of
 * one that comes out of a store, or from a login. An access token that is bound to
 * another key than the client's (RFC 9449), or is not bound though the client's are to
 * be, would be refused, and nothing but its refresh token counts.
 */
final class ForeignTokens {

	private final @Nullable ProofOfPossession dpop;

	ForeignTokens(ClientSettings settings) {
		this.dpop = settings.dpop();
	}

	/**
	 * Tell whether an access token can be sent as far as its type and its key are
	 * concerned.
	 */
	boolean canBeSent(TokenSet tokens) {
		return (this.dpop != null) ? this.dpop.fit(tokens)
				: !ProofOfPossession.DPOP.equalsIgnoreCase(tokens.tokenType());
	}

	/**
	 * Return what can be used of a token set that is put in.
	 * @throws IllegalArgumentException if that is nothing
	 */
	TokenSet usable(TokenSet tokens) {
		if (this.dpop == null || tokens.accessToken() == null || this.dpop.fit(tokens)) {
			return tokens;
		}
		String refreshToken = tokens.refreshToken();
		if (refreshToken == null) {
			throw new IllegalArgumentException(
					"The access token is not bound to the DPoP key of the client (its type is " + tokens.tokenType()
							+ "), and without a refresh token no other can be had; put in one of both,"
							+ " or configure the client without DPoP");
		}
		return TokenSet.withRefreshToken(refreshToken)
			.idToken(tokens.idToken())
			.obtainedAt(tokens.obtainedAt())
			.build();
	}

}
