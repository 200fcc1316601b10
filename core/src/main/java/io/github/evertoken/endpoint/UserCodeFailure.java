package io.github.evertoken.endpoint;

import io.github.evertoken.CredentialException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.http.ForeignFailure;

/**
 * What it means for a token that code which may be the user's own has failed while a
 * request was put together.
 */
final class UserCodeFailure {

	private UserCodeFailure() {
	}

	/**
	 * Return the failure of the request. A {@link TokenException} is taken as it is.
	 * @param key whose token is asked for
	 * @param consequence what cannot be done without a credential, as a reason begins
	 * @param who what has failed, as a reason begins
	 * @param failure what it has failed with
	 */
	static TokenException of(TokenKey key, String consequence, String who, Throwable failure) {
		if (failure instanceof TokenException known) {
			return known;
		}
		String reason = (failure instanceof CredentialException credential) ? consequence + ": " + credential.reason()
				: who + " failed" + ForeignFailure.describe(failure);
		return new TransientTokenException(key, reason, failure);
	}

}
