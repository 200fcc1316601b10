package io.github.evertoken.migrate;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes properties as YAML that says what they say, and nothing else: a secret of digits
 * stays a text.
 */
final class YamlText {

	/**
	 * What stands for itself in any place and in any version of YAML.
	 */
	private static final Pattern PLAIN = Pattern.compile("(?:[A-Za-z/]|\\$\\{)[\\w./:${}@+~=%*!?&;,-]*");

	private static final Set<String> NO_TEXT = Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");

	private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

	private final StringBuilder text = new StringBuilder();

	/**
	 * Add properties.
	 * @param properties values that are texts, collections of texts or maps of the same;
	 * the key of a comment begins with {@code #}
	 */
	YamlText add(Map<String, ?> properties) {
		add(properties, "");
		return this;
	}

	YamlText line(String line) {
		this.text.append(line).append('\n');
		return this;
	}

	private void add(Map<?, ?> properties, String indent) {
		properties.forEach((key, value) -> {
			if (key.toString().startsWith("#")) {
				Paragraph.wrap(value.toString(), 78 - indent.length()).forEach((line) -> line(indent + "# " + line));
			}
			else if (value instanceof Map<?, ?> map) {
				line(indent + key(key.toString()) + ":");
				add(map, indent + "  ");
			}
			else if (value instanceof Collection<?> values) {
				line(indent + key(key.toString()) + ":");
				values.forEach((element) -> line(indent + "  - " + scalar(element.toString())));
			}
			else {
				line(indent + key(key.toString()) + ": " + scalar(value.toString()));
			}
		});
	}

	/**
	 * Spring Boot takes a key in brackets as it is, and any other without what it has not
	 * expected.
	 */
	private static String key(String key) {
		return PLAIN_KEY.matcher(key).matches() && !NO_TEXT.contains(key.toLowerCase(Locale.ROOT)) ? key
				: quoted("[" + key + "]");
	}

	static String scalar(String value) {
		return PLAIN.matcher(value).matches() && !value.endsWith(":")
				&& !NO_TEXT.contains(value.toLowerCase(Locale.ROOT)) ? value : quoted(value);
	}

	private static String quoted(String value) {
		if (value.codePoints()
			.noneMatch((character) -> character < ' ' || character == 0x7f || character > 0xfffd || character == 0x85
					|| character == 0x2028 || character == 0x2029)) {
			return "'" + value.replace("'", "''") + "'";
		}
		StringBuilder quoted = new StringBuilder("\"");
		value.codePoints().forEach((character) -> {
			if (character == '"' || character == '\\') {
				quoted.append('\\').append((char) character);
			}
			else if (character < ' ' || character > '~') {
				quoted.append(String.format("\\U%08x", character));
			}
			else {
				quoted.append((char) character);
			}
		});
		return quoted.append('"').toString();
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
