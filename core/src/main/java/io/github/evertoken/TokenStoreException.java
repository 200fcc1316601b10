package io.github.evertoken;

import org.jspecify.annotations.Nullable;

/**
 * A token set could not be put in, removed or revoked, because the token store failed.
 * The key is as it was before: memory and store agree.
 *
 * @since 0.1.0
 */
public final class TokenStoreException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient TokenKey key;

	/**
	 * Create an exception.
	 * @param key the key
	 * @param step what the store was to do, as it reads on from "the token set could not
	 * be"
	 * @param cause why it could not, or {@code null}
	 */
	public TokenStoreException(TokenKey key, String step, @Nullable Throwable cause) {
		super("The token set of " + key + " could not be " + step + " the token store"
				+ ((cause != null) ? " (" + cause.getClass().getName() + ")" : "")
				+ ". Nothing was changed: try again when the store is back" + Troubleshooting.TOKEN_STORE.reference(),
				cause);
		this.key = key.withoutSubjectToken();
	}

	/**
	 * Return the key.
	 * @return the key, without its {@linkplain TokenKey#subjectToken() subject token}
	 */
	public TokenKey key() {
		return this.key;
	}

}
