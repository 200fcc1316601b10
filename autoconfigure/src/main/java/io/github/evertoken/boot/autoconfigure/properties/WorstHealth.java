package io.github.evertoken.boot.autoconfigure.properties;

/**
 * What the health of a client may be at worst, while callers fail.
 *
 * @since 0.1.0
 */
public enum WorstHealth {

	/**
	 * It is up, and degraded.
	 */
	UP,

	/**
	 * It is down.
	 */
	DOWN

}
