package io.github.evertoken.lifecycle;

import java.util.Objects;

/**
 * A place that tokens are sent to: what refuses tokens is told apart by it. Two requests
 * go to the same place if they have the same origin and the same URI template, or path
 * where there is no template.
 *
 * @param origin the scheme, host and port
 * @param path the URI template, or the path
 * @since 0.1.0
 */
public record Place(String origin, String path) {

	/**
	 * Create a place.
	 * @param origin the scheme, host and port
	 * @param path the URI template, or the path
	 */
	public Place {
		Objects.requireNonNull(origin, "origin");
		Objects.requireNonNull(path, "path");
	}

	/**
	 * Without the path, which may have a secret in it.
	 */
	@Override
	public String toString() {
		return "Place[" + this.origin + "]";
	}

}
