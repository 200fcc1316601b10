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

	/**
	 * Return why the application itself does not let the endpoint be called, which
	 * whoever makes the {@code WebClient} tells with a {@link SecurityException}.
	 * @return its message, {@code null} if it is something else that failed
	 */
	static @Nullable String forbidden(Throwable failure) {
		Throwable cause = (failure instanceof WebClientRequestException) ? failure.getCause() : failure;
		return (cause instanceof SecurityException) ? cause.getMessage() : null;
	}

	static BrokenExchange of(Throwable failure) {
		boolean unanswered = failure instanceof WebClientRequestException;
		Throwable cause = Objects.requireNonNullElse(unanswered ? failure.getCause() : null, failure);
		if (cause instanceof IOException ex) {
			String message = Objects.requireNonNullElse(ex.getMessage(), ex.getClass().getSimpleName());
			return new BrokenExchange((unanswered ? " could not be reached: " : " broke off its answer: ") + message,
					ex);
		}
		return new BrokenExchange(" gave no proper answer: " + cause.getClass().getSimpleName(), null);
	}

}
