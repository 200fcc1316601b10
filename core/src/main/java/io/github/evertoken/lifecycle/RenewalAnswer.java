package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenKey;

/**
 * What has come of asking for another token at once, as
 * {@link DefaultTokenManager#renew(TokenKey)} does.
 *
 * @since 0.1.0
 */
public enum RenewalAnswer {

	/**
	 * A flight has started. The token that is held serves until it has landed.
	 */
	STARTED,

	/**
	 * A flight is underway already, and no other one starts.
	 */
	UNDERWAY,

	/**
	 * No flight may start for now, because of trouble of the key or of its issuer:
	 * {@link KeyStatus#restsUntil()} says until when.
	 */
	RESTING,

	/**
	 * Nothing but a login helps.
	 */
	SIGNED_OUT,

	/**
	 * The life of the key has ended, with an eviction or with the manager.
	 */
	CLOSED

}
