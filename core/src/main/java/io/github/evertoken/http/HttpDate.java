package io.github.evertoken.http;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Reads headers that are dates (RFC 9110, section 5.6.7).
 */
public final class HttpDate {

	private HttpDate() {
	}

	/**
	 * Return a header.
	 * @param headers the headers
	 * @param name its name
	 * @return the instant, or {@code null} if the header is absent or broken
	 */
	public static @Nullable Instant of(HttpHeaders headers, String name) {
		try {
			long millis = headers.getFirstDate(name);
			return (millis != -1) ? Instant.ofEpochMilli(millis) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return the time by the server's clock, or by ours if the server does not say: it is
	 * what the other dates of a response are to be compared with.
	 * @param headers the headers of the response
	 * @param now the time by our clock
	 */
	public static Instant now(HttpHeaders headers, Instant now) {
		Instant date = of(headers, HttpHeaders.DATE);
		return (date != null) ? date : now;
	}

}
