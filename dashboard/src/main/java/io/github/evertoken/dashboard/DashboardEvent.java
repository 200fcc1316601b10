package io.github.evertoken.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as the page is told. There are names, times and numbers in it,
 * never a token, a secret, or a text that came from a server.
 *
 * @param members what is told, by its name in JSON
 */
record DashboardEvent(Map<String, Object> members) {

	static DashboardEvent of(String type, Instant at, String client) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("type", type);
		members.put("at", at.toString());
		members.put("client", client);
		return new DashboardEvent(members);
	}

	/**
	 * Begin an event of a key. Whether it is a subject's is told and not whose, for the
	 * endpoint names no subject that was not asked for; of what varies the key only that
	 * is told which is no secret.
	 */
	static DashboardEvent of(String type, Instant at, TokenKey key) {
		return of(type, at, key.client()).with("subject", (key.subject() != null) ? true : null)
			.with("parameters", key.parameters().isEmpty() ? null : key.parameters().toString());
	}

	/**
	 * Add a member while the event is being made. What is not known is left out.
	 * @param value a name, a number, a boolean, a time or a duration, or {@code null}
	 */
	DashboardEvent with(String name, @Nullable Object value) {
		if (value != null) {
			this.members.put(name, shown(value));
		}
		return this;
	}

	private static Object shown(Object value) {
		if (value instanceof Enum<?> word) {
			return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
		}
		if (value instanceof Duration duration) {
			return duration.toMillis();
		}
		return (value instanceof Instant instant) ? instant.toString() : value;
	}

}
