package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the URLs below which all of some URLs are: one for each origin.
 */
final class BaseUrls {

	private BaseUrls() {
	}

	/**
	 * Return the longest URL for each origin that covers all that are of it, in the order
	 * of the first of each.
	 */
	static List<String> of(Collection<CodeUse.Url> urls) {
		Map<String, List<String>> pathByOrigin = new LinkedHashMap<>();
		for (CodeUse.Url url : urls) {
			int end = endOfOrigin(url.text());
			pathByOrigin.merge(url.text().substring(0, end), segments(url.text().substring(end)), BaseUrls::common);
		}
		List<String> found = new ArrayList<>();
		pathByOrigin
			.forEach((origin, path) -> found.add(path.isEmpty() ? origin : origin + "/" + String.join("/", path)));
		return found;
	}

	static String origin(String url) {
		return url.substring(0, endOfOrigin(url));
	}

	/**
	 * A placeholder may have anything in it.
	 */
	private static int endOfOrigin(String url) {
		int start = url.indexOf("://");
		int i = (start >= 0 && !url.startsWith("${")) ? start + 3 : 0;
		int depth = 0;
		for (; i < url.length(); i++) {
			char character = url.charAt(i);
			if (url.startsWith("${", i)) {
				depth++;
				i++;
			}
			else if (character == '}' && depth > 0) {
				depth--;
			}
			else if (depth == 0 && (character == '/' || character == '?' || character == '#' || character == '{')) {
				return i;
			}
		}
		return i;
	}

	/**
	 * Return the segments of a path up to the first that has a variable.
	 */
	private static List<String> segments(String path) {
		List<String> segments = new ArrayList<>();
		for (String segment : path.split("[?#]", 2)[0].split("/")) {
			if (segment.replace("${", "").contains("{")) {
				break;
			}
			if (!segment.isEmpty()) {
				segments.add(segment);
			}
		}
		return segments;
	}

	private static List<String> common(List<String> one, List<String> other) {
		int length = 0;
		while (length < one.size() && length < other.size() && one.get(length).equals(other.get(length))) {
			length++;
		}
		return one.subList(0, length);
	}

}
