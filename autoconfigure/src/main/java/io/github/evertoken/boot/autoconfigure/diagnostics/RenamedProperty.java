package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A property of a client that had another name, which is still found in what has been
 * written about Evertoken.
 *
 * @param oldName the name that it had
 * @param newName the name that it has
 * @param values what is written now for each value
 */
record RenamedProperty(String oldName, String newName, Map<String, String> values) {

	private static final List<RenamedProperty> ALL = List.of(
			new RenamedProperty("eager", "start",
					Map.of("false", "lazy", "true", "background", "required", "required")),
			new RenamedProperty("issuer", "obtained-by",
					Map.of("tokenendpoint", "token-endpoint", "authorizedclientmanager", "authorized-client-manager")));

	/**
	 * Return the property that had a name, in any of its relaxed forms.
	 * @return the property, or {@code null} if none had it
	 */
	static @Nullable RenamedProperty of(String name) {
		String plain = NearestName.plain(name);
		return ALL.stream().filter((property) -> plain.equals(property.oldName)).findFirst().orElse(null);
	}

	/**
	 * Say what to write instead.
	 * @param value what somebody has written
	 * @return the hint, or {@code null} if the value was none of the property, so that
	 * something else is meant
	 */
	@Nullable String hint(@Nullable Object value) {
		String written = this.values.get(NearestName.plain(String.valueOf(value)));
		return (written != null) ? "it is called '" + this.newName + "'; write '" + this.newName + ": " + written + "'"
				: null;
	}

}
