package io.github.evertoken.grant;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a member of a JSON object stands: its name, or the names on the way to it,
 * separated by dots.
 */
final class MemberPath {

	private static final Pattern PATH = Pattern.compile("[^.\\s\\p{Cntrl}]+(\\.[^.\\s\\p{Cntrl}]+)*");

	private final String path;

	private final List<String> names;

	private MemberPath(String path) {
		this.path = path;
		this.names = Arrays.asList(path.split("\\."));
	}

	static MemberPath of(String path) {
		if (!PATH.matcher(path).matches()) {
			throw new IllegalArgumentException("must be the name of a member of the response, or names separated by"
					+ " dots such as data.token, but is '" + Redactor.printable(path) + "'");
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
			value = (value instanceof Map<?, ?> object) ? object.get(name) : null;
		}
		return value;
	}

	/**
	 * Return a string, or {@code null} where the member is absent or empty: servers that
	 * have nothing to give write both.
	 * @throws IllegalArgumentException if it is of another type
	 */
	@Nullable String stringIn(JsonObject json) {
		Object value = in(json);
		if (value == null || value.equals("")) {
			return null;
		}
		if (value instanceof String string) {
			return string;
		}
		throw new IllegalArgumentException("Its " + this.path + " is not a string");
	}

	@Override
	public String toString() {
		return this.path;
	}

}
