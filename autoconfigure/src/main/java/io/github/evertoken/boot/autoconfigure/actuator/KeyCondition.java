package io.github.evertoken.boot.autoconfigure.actuator;

import io.github.evertoken.lifecycle.KeyPhase;
import io.github.evertoken.lifecycle.KeyStatus;

/**
 * What a key means for its callers.
 */
enum KeyCondition {

	/**
	 * Nothing is wrong: callers have a token, or get one when they need it.
	 */
	WELL,

	/**
	 * Something is wrong, and callers have a token still.
	 */
	DEGRADED,

	/**
	 * Callers fail: they have no token, and the last attempt to get one has failed.
	 */
	FAILING;

	/**
	 * Judge a key by its last known state. A key that nobody uses any more keeps its last
	 * failure: nothing is asked to find out.
	 */
	static KeyCondition of(KeyStatus key) {
		boolean wrong = key.failing() != null || key.signedOut() != null || key.barred() != null
				|| key.phase() == KeyPhase.CLOSED;
		if (key.isServing()) {
			boolean suspect = key.phase() == KeyPhase.SUSPECT;
			return (key.failing() != null || key.signedOut() != null || suspect) ? DEGRADED : WELL;
		}
		return wrong ? FAILING : WELL;
	}

}
