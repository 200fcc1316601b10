package io.github.evertoken.endpoint;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.github.evertoken.http.JsonObject;
import io.github.evertoken.http.Redactor;

/**
 * Names the members of a token response in which something is missing, so that whoever
 * reads it sees what it is called there. Values are never repeated.
 */
final class MemberNames {

	private static final int MAX_NAMES = 12;

	private static final int MAX_LENGTH = 100;

	private MemberNames() {
	}

	/**
	 * Return what a response without an access token has instead.
	 * @param json the response
	 * @param missing the member that there is not
	 * @return the names of its members, and of those of its objects
	 */
	static String of(JsonObject json, MemberPath missing) {
		Set<String> names = new LinkedHashSet<>();
		json.members().forEach((name, value) -> add(names, name, value));
		names.remove(missing.toString());
		String all = Redactor.printable(String.join(", ", names.stream().limit(MAX_NAMES).toList()));
		if (all.isEmpty()) {
			return "none is there";
		}
		return (all.length() > MAX_LENGTH) ? all.substring(0, MAX_LENGTH) + "..." : all;
	}

	private static void add(Set<String> names, String name, Object value) {
		if (value instanceof Map<?, ?> object) {
			object.forEach((inner, innerValue) -> add(names, name + "." + inner, innerValue));
		}
		else {
			names.add(name);
		}
	}

}
