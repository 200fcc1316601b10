package io.github.evertoken.boot;

import java.util.List;

import io.github.evertoken.Troubleshooting;

/**
 * The application must not start, because properties below {@code evertoken} are missing,
 * wrong or contradict each other, or the annotations of an HTTP service interface are.
 *
 * @since 0.1.0
 */
public final class InvalidConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<String> problems;

	/**
	 * Create an exception.
	 * @param problems the problems, each with the full name of its property or method,
	 * and no secret
	 */
	public InvalidConfigurationException(List<String> problems) {
		super("The configuration of Evertoken is wrong: " + String.join("; ", problems)
				+ Troubleshooting.INVALID_CONFIGURATION.reference());
		this.problems = List.copyOf(problems);
	}

	/**
	 * Return the problems. Each begins with the full name of the property, or of the
	 * method of an HTTP service interface, and says what to write there, and none has a
	 * secret in it.
	 * @return the problems, at least one
	 */
	public List<String> getProblems() {
		return this.problems;
	}

}
