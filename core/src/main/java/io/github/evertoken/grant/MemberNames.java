package io.github.evertoken.grant;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

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
	 * Return what to add to the complaint that a response has no access token.
	 * @param json the response
	 * @param missing the member that there is not
	 * @return the members that have a string, and what to do about it, or nothing if
	 * there is none
	 */
	static String hint(JsonObject json, MemberPath missing) {
		Set<String> names = new LinkedHashSet<>();
		json.members().forEach((name, value) -> add(names, name, value));
		names.remove(missing.toString());
		String all = Redactor.printable(String.join(", ", names.stream().limit(MAX_NAMES).toList()));
		return all.isEmpty() ? "" : ", but " + (all.length() > MAX_LENGTH ? all.substring(0, MAX_LENGTH) + "..." : all)
				+ ": set token-response.access-token if one of them is the token";
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
