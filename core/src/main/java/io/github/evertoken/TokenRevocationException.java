package io.github.evertoken;

import java.util.Objects;

/**
 * The tokens of a key were forgotten here, but the authorization server could not be told
 * to revoke them (RFC 7009): they stay valid there until they expire.
 *
 * @since 0.1.0
 */
public final class TokenRevocationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient TokenKey key;

	/**
	 * Create an exception.
	 * @param key the key whose tokens were to be revoked
	 * @param cause why they could not be
	 */
	public TokenRevocationException(TokenKey key, TokenException cause) {
		super("The tokens of " + key + " are forgotten here, but could not be revoked: " + cause.reason()
				+ ((cause.error() != null) ? "; error '" + cause.error() + "'" : "")
				+ ((cause.errorDescription() != null) ? ", error_description '" + cause.errorDescription() + "'" : "")
				+ Troubleshooting.TOKEN_REVOCATION.reference(), Objects.requireNonNull(cause, "cause"));
		this.key = key.withoutSubjectToken();
	}

	/**
	 * Return the key whose tokens were to be revoked.
	 * @return the key, without its {@linkplain TokenKey#subjectToken() subject token}
	 */
	public TokenKey key() {
		return this.key;
	}

}
