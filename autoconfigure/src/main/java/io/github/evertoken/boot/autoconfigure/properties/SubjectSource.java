package io.github.evertoken.boot.autoconfigure.properties;

/**
 * Where a subject's first token set comes from.
 *
 * @since 0.1.0
 */
public enum SubjectSource {

	/**
	 * What the application puts in, or what a {@code TokenStore} bean has kept.
	 */
	TOKEN_STORE,

	/**
	 * The authorized clients of Spring Security's logins, to which renewed token sets are
	 * saved back.
	 */
	AUTHORIZED_CLIENTS

}
