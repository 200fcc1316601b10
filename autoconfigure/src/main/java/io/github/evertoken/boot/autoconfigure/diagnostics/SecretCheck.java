package io.github.evertoken.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.Nullable;

/**
 * Looks at secrets and says what is wrong with them without repeating them.
 */
public final class SecretCheck {

	private SecretCheck() {
	}

	/**
	 * Require that a secret, if there is one, is what somebody has meant to write: not
	 * empty, and without the line break with which files end.
	 * @return the secret
	 */
	public static @Nullable String require(@Nullable String secret) {
		return (secret != null) ? requirePresent(secret) : null;
	}

	/**
	 * The same for a secret that is there.
	 * @return the secret
	 */
	public static String requirePresent(String secret) {
		if (secret.isBlank()) {
			throw new IllegalArgumentException("must not be empty");
		}
		for (int i = 0; i < secret.length(); i++) {
			if (Character.isISOControl(secret.charAt(i))) {
				throw new IllegalArgumentException(
						"must not contain a line break or another control character, but does at position %d of %d"
							.formatted(i + 1, secret.length()));
			}
		}
		return secret;
	}

}
