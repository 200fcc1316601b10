package io.github.evertoken;

import java.io.IOException;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a client authenticates with cannot be had for the moment: a file is gone, or holds
 * something else, or a key store does not answer.
 * {@link io.github.evertoken.endpoint.OAuth2TokenIssuer} takes it for a transient
 * failure, of which it is the cause, and repeats its {@linkplain #reason() reason}, which
 * therefore has no secret in it.
 *
 * @serial exclude
 * @since 0.1.0
 */
public final class CredentialException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String name;

	private final String problem;

	/**
	 * Create an exception.
	 * @param name what could not be had, such as the name of a property
	 * @param problem why, as the end of a sentence that begins with the name; never a
	 * secret
	 * @param cause what caused it, or {@code null}. Only what is known to keep secrets to
	 * itself: an {@link IOException} of a file does.
	 */
	public CredentialException(String name, String problem, @Nullable Throwable cause) {
		super(Objects.requireNonNull(name, "name") + ' ' + Objects.requireNonNull(problem, "problem")
				+ Troubleshooting.CREDENTIAL.reference(), cause);
		this.name = name;
		this.problem = problem;
	}

	/**
	 * Return the message without the address at its end.
	 * @return what could not be had, and why
	 */
	public String reason() {
		return this.name + ' ' + this.problem;
	}

	/**
	 * Return the reason without the name at its beginning.
	 * @return why it could not be had
	 */
	public String problem() {
		return this.problem;
	}

}
