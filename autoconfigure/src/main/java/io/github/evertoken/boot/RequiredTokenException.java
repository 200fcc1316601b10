package io.github.evertoken.boot;

import io.github.evertoken.Troubleshooting;

/**
 * The application must not start, because the first token of a client whose {@code start}
 * is {@code required} could not be obtained.
 *
 * @serial exclude
 * @since 0.1.0
 */
public final class RequiredTokenException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String client;

	/**
	 * Create an exception.
	 * @param client the name of the client that has no token
	 * @param cause why it has none
	 */
	public RequiredTokenException(String client, Throwable cause) {
		super("Property evertoken.clients." + client + ".start is 'required'"
				+ Troubleshooting.REQUIRED_TOKEN.reference() + ", but: " + cause.getMessage(), cause);
		this.client = client;
	}

	/**
	 * Return the name of the client that has no token.
	 * @return the client's name
	 */
	public String getClient() {
		return this.client;
	}

}
