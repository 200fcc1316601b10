package io.github.evertoken.grant;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Collections;
import java.util.Map;

import com.nimbusds.jose.util.JSONObjectUtils;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object (RFC 8259), strictly parsed: UTF-8, one object and nothing behind it, no
 * name twice, no {@code NaN}, no bottomless nesting (rule SE-4).
 */
final class JsonObject {

	/**
	 * The object without members.
	 */
	static final JsonObject EMPTY = new JsonObject(Map.of());

	private final Map<String, Object> members;

	private JsonObject(Map<String, Object> members) {
		this.members = members;
	}

	/**
	 * Parse an object.
	 * @param json the bytes
	 * @return the object, or {@code null} if the bytes are none: why is not told, because
	 * a parser's message may quote what it reads
	 */
	static @Nullable JsonObject parse(byte[] json) {
		try {
			String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
			// The parser also takes null, and an array of pairs, for a map.
			return text.stripLeading().startsWith("{") ? new JsonObject(JSONObjectUtils.parse(text)) : null;
		}
		catch (CharacterCodingException | ParseException ex) {
			return null;
		}
	}

	/**
	 * Return all members.
	 */
	Map<String, Object> members() {
		return Collections.unmodifiableMap(this.members);
	}

	/**
	 * Return a member.
	 * @param name its name
	 * @return a {@code String}, {@code Number}, {@code Boolean}, {@code List} or
	 * {@code Map}, or {@code null} if it is absent or the JSON {@code null}
	 */
	@Nullable Object get(String name) {
		return this.members.get(name);
	}

	/**
	 * Return a string.
	 * @param name the name of the member
	 * @return the string, or {@code null} if the member is absent, empty or of another
	 * type
	 */
	@Nullable String string(String name) {
		return (get(name) instanceof String string && !string.isEmpty()) ? string : null;
	}

}
