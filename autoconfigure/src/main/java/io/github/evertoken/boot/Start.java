package io.github.evertoken.boot;

/**
 * When the first token of a client is obtained.
 *
 * @since 0.1.0
 */
public enum Start {

	/**
	 * At the first use.
	 */
	LAZY,

	/**
	 * At the start of the application, in the background, until there is one.
	 */
	BACKGROUND,

	/**
	 * At the start of the application, which waits for the token and fails if there is
	 * none.
	 */
	REQUIRED

}
