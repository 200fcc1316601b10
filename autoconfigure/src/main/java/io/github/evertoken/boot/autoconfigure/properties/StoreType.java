package io.github.evertoken.boot.autoconfigure.properties;

/**
 * Where token sets rest that no bean of the application keeps.
 *
 * @since 0.1.0
 */
public enum StoreType {

	/**
	 * In the memory of this instance alone.
	 */
	MEMORY,

	/**
	 * In Redis, where all instances share them.
	 */
	REDIS

}
