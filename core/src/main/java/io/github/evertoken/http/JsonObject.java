package io.github.evertoken.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import com.nimbusds.jose.util.JSONObjectUtils;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object (RFC 8259), strictly parsed: one object and nothing behind it, no name
 * twice, no {@code NaN}, no bottomless nesting (rule SE-4).
 */
public final class JsonObject {

	/**
	 * The object without members.
	 */
	public static final JsonObject EMPTY = new JsonObject(Map.of());

	private final Map<String, Object> members;

	private JsonObject(Map<String, Object> members) {
		this.members = members;
	}

	/**
	 * Parse an object.
	 * @param json the text
	 * @return the object, or {@code null} if the text is none: why is not told, because a
	 * parser's message may quote what it reads
	 */
	public static @Nullable JsonObject parse(String json) {
		try {
			// The parser also takes null, and an array of pairs, for a map.
			return json.stripLeading().startsWith("{") ? new JsonObject(JSONObjectUtils.parse(json)) : null;
		}
		catch (ParseException ex) {
			return null;
		}
	}

	/**
	 * Take the parameters of a form for an object whose members are strings, as some
	 * servers answer that are older than RFC 6749.
	 * @param form the text
	 * @return the object, or {@code null} if the text is no form, or has a name twice
	 */
	public static @Nullable JsonObject ofForm(String form) {
		Map<String, Object> members = new LinkedHashMap<>();
		for (String parameter : form.strip().split("&")) {
			int end = parameter.indexOf('=');
			if (end <= 0
					|| members.put(decode(parameter.substring(0, end)), decode(parameter.substring(end + 1))) != null) {
				return null;
			}
		}
		return new JsonObject(members);
	}

	private static String decode(String text) {
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

	/**
	 * Return all members.
	 */
	public Map<String, Object> members() {
		return Collections.unmodifiableMap(this.members);
	}

	/**
	 * Return a member.
	 * @param name its name
	 * @return a {@code String}, {@code Number}, {@code Boolean}, {@code List} or
	 * {@code Map}, or {@code null} if it is absent or the JSON {@code null}
	 */
	public @Nullable Object get(String name) {
		return this.members.get(name);
	}

	/**
	 * Return a string.
	 * @param name the name of the member
	 * @return the string, or {@code null} if the member is absent, empty or of another
	 * type
	 */
	public @Nullable String string(String name) {
		return (get(name) instanceof String string && !string.isEmpty()) ? string : null;
	}

}
