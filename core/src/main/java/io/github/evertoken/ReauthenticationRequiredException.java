package io.github.evertoken;

import org.jspecify.annotations.Nullable;

/**
 * Somebody must log in again: the refresh token, or the last usable grant of a subject,
 * was refused ({@code invalid_grant}, RFC 6749, section 5.2). No further call is made to
 * the issuer until {@link TokenManager#put} puts a new token set in.
 *
 * @since 0.1.0
 */
public final class ReauthenticationRequiredException extends TokenException {

	/**
	 * Create an exception.
	 * @param key the key for which no token could be had
	 * @param reason what went wrong; never a secret
	 * @param error the issuer's {@code error}, or {@code null}
	 * @param errorDescription the issuer's {@code error_description}, or {@code null}
	 * @param cause what caused it, or {@code null}
	 */
	public ReauthenticationRequiredException(TokenKey key, String reason, @Nullable String error,
			@Nullable String errorDescription, @Nullable Throwable cause) {
		super(key, "reauthentication", Troubleshooting.REAUTHENTICATION_REQUIRED, reason, error, errorDescription,
				cause);
	}

	@Override
	public ReauthenticationRequiredException copy() {
		return new ReauthenticationRequiredException(key(), reason(), error(), errorDescription(), getCause());
	}

}
