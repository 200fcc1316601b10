package io.github.evertoken.migrate;

/**
 * The command was given what it cannot be given.
 */
final class UsageException extends RuntimeException {

	private static final long serialVersionUID = 1;

	UsageException(String message) {
		super(message);
	}

}
