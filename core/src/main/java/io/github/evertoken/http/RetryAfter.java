package io.github.evertoken.http;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Reads the {@code Retry-After} header (RFC 9110, section 10.2.3). Whatever is broken
 * counts as absent, a date in the past as zero, and more than a day as a day.
 */
public final class RetryAfter {

	private static final Duration MAX = Duration.ofDays(1);

	private static final Pattern DELTA_SECONDS = Pattern.compile("[0-9]{1,18}");

	private RetryAfter() {
	}

	/**
	 * Return how long the server asks to be left alone.
	 * @param headers the headers of its response
	 * @param now the time, for a server that does not say in {@code Date} what time it is
	 */
	public static @Nullable Duration of(HttpHeaders headers, Instant now) {
		String value = headers.getFirst(HttpHeaders.RETRY_AFTER);
		if (value == null) {
			return null;
		}
		if (DELTA_SECONDS.matcher(value.strip()).matches()) {
			return bounded(Duration.ofSeconds(Long.parseLong(value.strip())));
		}
		Instant until = HttpDate.of(headers, HttpHeaders.RETRY_AFTER);
		return (until != null) ? bounded(Duration.between(HttpDate.now(headers, now), until)) : null;
	}

	private static Duration bounded(Duration duration) {
		if (duration.isNegative()) {
			return Duration.ZERO;
		}
		return (duration.compareTo(MAX) > 0) ? MAX : duration;
	}

}
