package io.github.evertoken.grant;

import java.io.IOException;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * What became of an endpoint that was not reached, or that did not answer in HTTP.
 *
 * @param how what it did, to be put behind its name; not redacted yet
 * @param cause the I/O exception, or {@code null}: the message of any other exception may
 * quote what was to be sent
 */
record BrokenExchange(String how, @Nullable IOException cause) {

	static BrokenExchange of(Throwable failure) {
		boolean unanswered = failure instanceof WebClientRequestException;
		String hint = (failure instanceof WebClientRequestException ex) ? SchemeHint.of(ex.getUri(), failure) : "";
		Throwable cause = Objects.requireNonNullElse(unanswered ? failure.getCause() : null, failure);
		if (cause instanceof IOException ex) {
			String message = Objects.requireNonNullElse(ex.getMessage(), ex.getClass().getSimpleName());
			return new BrokenExchange(
					(unanswered ? " could not be reached: " : " broke off its answer: ") + withHint(hint, message), ex);
		}
		return new BrokenExchange(" gave no proper answer: " + withHint(hint, cause.getClass().getSimpleName()), null);
	}

	/**
	 * A message may be long, and is cut when it has been redacted.
	 */
	private static String withHint(String hint, String message) {
		return hint.isEmpty() ? message : hint + " (" + message + ")";
	}

}
