package io.github.evertoken.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How a token response says when its access token expires. Numbers may be written as
 * strings too.
 *
 * @since 0.1.0
 */
public enum ExpiresInFormat {

	/**
	 * As a lifetime in seconds (RFC 6749, section 5.1).
	 */
	SECONDS {

		@Override
		double seconds(Object value, Instant now) {
			return number(value);
		}

	},

	/**
	 * As a lifetime in milliseconds.
	 */
	MILLIS {

		@Override
		double seconds(Object value, Instant now) {
			return number(value) / 1000;
		}

	},

	/**
	 * As a point in time, in seconds since 1970-01-01T00:00:00Z.
	 */
	EPOCH_SECONDS {

		@Override
		double seconds(Object value, Instant now) {
			return number(value) - now.toEpochMilli() / 1000.0;
		}

	},

	/**
	 * As a point in time, in milliseconds since 1970-01-01T00:00:00Z.
	 */
	EPOCH_MILLIS {

		@Override
		double seconds(Object value, Instant now) {
			return (number(value) - now.toEpochMilli()) / 1000;
		}

	},

	/**
	 * As a point in time of ISO 8601 with its offset from UTC, such as
	 * {@code 2026-11-23T20:00:00Z}.
	 */
	INSTANT {

		@Override
		double seconds(Object value, Instant now) {
			try {
				Instant instant = OffsetDateTime.parse(value.toString().strip()).toInstant();
				return Duration.between(now, instant).toSeconds();
			}
			catch (DateTimeParseException ex) {
				return 0;
			}
		}

	};

	private static final double MAX_SECONDS = Duration.ofDays(3650).toSeconds();

	private static final Pattern DIGITS = Pattern.compile("[0-9]{1,16}");

	/**
	 * Return the lifetime, or {@code null} where none is named that can be believed. The
	 * token works all the same, so a zero (some servers' word for "unknown"), less than a
	 * second, more than ten years (often a point in time in place of a lifetime) or a
	 * text does not spoil the response: the lifetime is found as if none were named.
	 * @param value what the response says, or {@code null}
	 * @param now the time by the server's clock
	 */
	@Nullable Duration lifetime(@Nullable Object value, Instant now) {
		double seconds = (value != null) ? seconds(value, now) : 0;
		boolean credible = seconds >= 1 && seconds <= MAX_SECONDS;
		return credible ? Duration.ofSeconds((long) seconds) : null;
	}

	/**
	 * Return what is left of the lifetime, or 0 where it cannot be read.
	 */
	abstract double seconds(Object value, Instant now);

	private static double number(Object value) {
		if (value instanceof Number number) {
			return number.doubleValue();
		}
		return (value instanceof String text && DIGITS.matcher(text).matches()) ? Long.parseLong(text) : 0;
	}

}
