package io.github.evertoken.test.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A request as it has come.
 *
 * @param method its method
 * @param target its target, as it stands in the first line
 * @param headers its headers, by their names in lower case
 * @param body its body
 */
record HttpRequest(String method, String target, Map<String, List<String>> headers, byte[] body) {

	private static final Set<String> REPEATABLE = Set.of("resource", "audience");

	/**
	 * Return the path, as it was written.
	 */
	String path() {
		int query = this.target.indexOf('?');
		return (query < 0) ? this.target : this.target.substring(0, query);
	}

	List<String> all(String header) {
		return this.headers.getOrDefault(header.toLowerCase(Locale.ROOT), List.of());
	}

	@Nullable String first(String header) {
		List<String> values = all(header);
		return values.isEmpty() ? null : values.get(0);
	}

	boolean isForm() {
		String type = first("Content-Type");
		return type != null && type.split(";", 2)[0].trim().equalsIgnoreCase("application/x-www-form-urlencoded");
	}

	/**
	 * Return the parameters of a form. Those that have come twice are joined with spaces.
	 */
	Map<String, String> form() {
		Map<String, String> form = new LinkedHashMap<>();
		parameters().forEach((parameter) -> form.merge(parameter.getKey(), parameter.getValue(),
				(first, next) -> first + " " + next));
		return form;
	}

	/**
	 * Return a parameter that has come twice, or {@code null}. RFC 6749, section 3.2:
	 * none may, unless an extension says so, as RFC 8693 and RFC 8707 do.
	 */
	@Nullable String repeatedParameter() {
		Set<String> names = new HashSet<>();
		for (Map.Entry<String, String> parameter : parameters()) {
			if (!names.add(parameter.getKey()) && !REPEATABLE.contains(parameter.getKey())) {
				return parameter.getKey();
			}
		}
		return null;
	}

	private List<Map.Entry<String, String>> parameters() {
		List<Map.Entry<String, String>> parameters = new ArrayList<>();
		for (String pair : new String(this.body, StandardCharsets.UTF_8).split("&")) {
			String[] nameAndValue = pair.split("=", 2);
			if (!pair.isEmpty()) {
				parameters
					.add(Map.entry(decode(nameAndValue[0]), (nameAndValue.length == 2) ? decode(nameAndValue[1]) : ""));
			}
		}
		return parameters;
	}

	private static String decode(String text) {
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

	@Override
	public String toString() {
		return this.method + " " + path();
	}

}
