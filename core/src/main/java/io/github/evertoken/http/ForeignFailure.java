package io.github.evertoken.http;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.CredentialException;
import reactor.core.Exceptions;

/**
 * Says of a failure of somebody else's code what may be said of it: what it is and what
 * has caused it. Its message is not repeated, for it may quote what was to be sent or
 * what has come (rule SE-2); that of a {@link CredentialException} may be.
 */
public final class ForeignFailure {

	private static final int DEEPEST_CAUSE = 4;

	private ForeignFailure() {
	}

	/**
	 * Describe a failure.
	 * @param failure what was thrown
	 * @return what is to be put behind "failed", such as
	 * {@code " with java.lang.IllegalStateException"}
	 */
	public static String describe(Throwable failure) {
		List<Throwable> chain = Stream.iterate(Exceptions.unwrap(failure), Objects::nonNull, Throwable::getCause)
			.limit(DEEPEST_CAUSE)
			.toList();
		String names = chain.stream()
			.takeWhile((ex) -> !(ex instanceof CredentialException))
			.map((ex) -> ex.getClass().getName())
			.collect(Collectors.joining(", caused by "));
		String reason = chain.stream()
			.filter(CredentialException.class::isInstance)
			.map((ex) -> ": " + ((CredentialException) ex).reason())
			.findFirst()
			.orElse("");
		return (names.isEmpty() ? "" : " with " + names) + reason;
	}

}
