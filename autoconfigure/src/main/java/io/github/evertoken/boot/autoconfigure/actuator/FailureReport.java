package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * Why no token could be had.
 *
 * @param kind {@code transient}, {@code refused} or {@code reauthentication}
 * @param message what went wrong, without secrets
 * @param count how many flights have failed in a row, where that is known
 * @param since when the first of them did, where that is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FailureReport(String kind, String message, @Nullable Integer count, @Nullable TimePoint since) {

	/**
	 * Report a failure. Its text has been redacted where it came in; it is once more, for
	 * a {@code TokenIssuer} of the application may have said what it ought not.
	 */
	static FailureReport of(TokenException failure, Redactor redactor, @Nullable Integer count,
			@Nullable TimePoint since) {
		StringBuilder message = new StringBuilder(failure.reason());
		if (failure.error() != null) {
			message.append("; error '").append(failure.error()).append('\'');
		}
		if (failure.errorDescription() != null) {
			message.append(", error_description '").append(failure.errorDescription()).append('\'');
		}
		return new FailureReport(Outcome.of(failure).name().toLowerCase(Locale.ROOT),
				redactor.redact(message.toString()), count, since);
	}

}
