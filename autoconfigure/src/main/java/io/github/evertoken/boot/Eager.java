package io.github.evertoken.boot;

/**
 * Whether the first token is obtained when the application starts.
 *
 * @since 0.1.0
 */
public enum Eager {

	/**
	 * At the first use.
	 */
	FALSE,

	/**
	 * At the start, in the background.
	 */
	TRUE,

	/**
	 * At the start, which waits for the token and fails if there is none.
	 */
	REQUIRED

}
