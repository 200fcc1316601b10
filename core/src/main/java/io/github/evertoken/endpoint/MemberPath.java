package io.github.evertoken.endpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.evertoken.http.JsonObject;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * Where a member of a JSON object stands: its name, or the names on the way to it,
 * separated by dots. An element of an array is named by its index in brackets.
 */
final class MemberPath {

	private static final String NAME = "[^.\\s\\p{Cntrl}\\[\\]]+(\\[[0-9]{1,3}])*";

	private static final Pattern PATH = Pattern.compile(NAME + "(\\." + NAME + ")*");

	private final String path;

	private final List<String> names;

	private MemberPath(String path) {
		this.path = path;
		this.names = Arrays.asList(path.replace("[", ".[").split("\\."));
	}

	static MemberPath of(String path) {
		if (!PATH.matcher(path).matches()) {
			throw new IllegalArgumentException("must be the name of a member of the response, or names separated by"
					+ " dots such as data.token or errors[0].code, but is '" + Redactor.printable(path) + "'");
		}
		return new MemberPath(path);
	}

	/**
	 * Return the member.
	 * @return a {@code String}, {@code Number}, {@code Boolean}, {@code List} or
	 * {@code Map}, or {@code null} if it is absent or the JSON {@code null}
	 */
	@Nullable Object in(JsonObject json) {
		Object value = json.get(this.names.get(0));
		for (String name : this.names.subList(1, this.names.size())) {
			value = name.startsWith("[") ? element(value, name) : member(value, name);
		}
		return value;
	}

	private static @Nullable Object member(@Nullable Object value, String name) {
		return (value instanceof Map<?, ?> object) ? object.get(name) : null;
	}

	private static @Nullable Object element(@Nullable Object value, String name) {
		int index = Integer.parseInt(name.substring(1, name.length() - 1));
		return (value instanceof List<?> array && index < array.size()) ? array.get(index) : null;
	}

	/**
	 * Return a string, or {@code null} where the member is absent, empty or
	 * {@code false}: servers that have nothing to give write all of it.
	 * @throws IllegalArgumentException if it is of another type
	 */
	@Nullable String stringIn(JsonObject json) {
		Object value = in(json);
		if (value == null || value.equals("") || value.equals(false)) {
			return null;
		}
		if (value instanceof String string) {
			return string;
		}
		throw new IllegalArgumentException("Its " + this.path + " is not a string");
	}

	/**
	 * Return a string, a number or a truth value as text, or {@code null} where the
	 * member is absent, empty or of another type.
	 */
	@Nullable String textIn(JsonObject json) {
		Object value = in(json);
		if (value instanceof String || value instanceof Number || value instanceof Boolean) {
			return value.equals("") ? null : value.toString();
		}
		return null;
	}

	@Override
	public String toString() {
		return this.path;
	}

}
