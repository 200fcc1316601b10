package io.github.evertoken;

import org.jspecify.annotations.Nullable;

/**
 * The issuer refused the client or what it asks for: {@code invalid_client},
 * {@code unauthorized_client}, {@code invalid_scope}, {@code unsupported_grant_type} (RFC
 * 6749, section 5.2) and the like, {@code invalid_grant} for what the client grants
 * itself, or an answer that says that something else was asked than a token endpoint.
 * Only another configuration, here or at the issuer, can help. It is asked again after
 * the cooldown.
 *
 * @since 0.1.0
 */
public final class TokenRefusedException extends TokenException {

	/**
	 * Create an exception.
	 * @param key the key for which no token could be had
	 * @param reason what went wrong; never a secret
	 * @param error the issuer's {@code error}, or {@code null}
	 * @param errorDescription the issuer's {@code error_description}, or {@code null}
	 * @param cause what caused it, or {@code null}
	 */
	public TokenRefusedException(TokenKey key, String reason, @Nullable String error, @Nullable String errorDescription,
			@Nullable Throwable cause) {
		super(key, "refused", Troubleshooting.TOKEN_REFUSED, reason, error, errorDescription, cause);
	}

	@Override
	public TokenRefusedException copy() {
		return new TokenRefusedException(key(), reason(), error(), errorDescription(), getCause());
	}

}
