package io.github.evertoken.migrate;

/**
 * Something in the project cannot be read, or makes no sense, so that whatever would be
 * written could be wrong.
 */
final class UnreadableException extends RuntimeException {

	private static final long serialVersionUID = 1;

	UnreadableException(Place place, String reason) {
		super(place + ": " + reason);
	}

}
