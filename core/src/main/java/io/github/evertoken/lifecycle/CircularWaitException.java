package io.github.evertoken.lifecycle;

import io.github.evertoken.Troubleshooting;

/**
 * An issuer waits for the token that it is to obtain, by itself or by way of others. It
 * is a fault of the application, which no other attempt cures.
 */
final class CircularWaitException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	CircularWaitException(String message) {
		super(message + Troubleshooting.CIRCULAR_WAIT.reference());
	}

}
