package io.github.evertoken.lifecycle;

/**
 * What a key is in, as far as callers are concerned.
 *
 * @since 0.1.0
 */
public enum KeyPhase {

	/**
	 * No token is held, and one may be obtained.
	 */
	EMPTY,

	/**
	 * The token is used as it is.
	 */
	FRESH,

	/**
	 * The token is used, and is to be renewed.
	 */
	DUE,

	/**
	 * The token was rejected, and is kept until its replacement has come.
	 */
	SUSPECT,

	/**
	 * The token has expired, and is to be replaced before anybody goes on.
	 */
	EXPIRED,

	/**
	 * Somebody must log in again; a token that is held serves to its end.
	 */
	SIGNED_OUT,

	/**
	 * The life-cycle has ended, with an eviction or with the manager.
	 */
	CLOSED

}
