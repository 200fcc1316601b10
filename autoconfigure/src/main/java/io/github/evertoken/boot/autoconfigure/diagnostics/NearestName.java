package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Finds among names the one that somebody has probably meant by another.
 */
final class NearestName {

	private static final int LEAST_OVERLAP = 4;

	private NearestName() {
	}

	/**
	 * Return the name that differs in the fewest characters, or else one that has the
	 * wrong one in it or is in it.
	 * @return the name, or {@code null} if none is near
	 */
	static @Nullable String of(Collection<String> names, String wrong) {
		return names.stream()
			.filter((name) -> isNear(name, wrong))
			.min(Comparator.comparingInt((String name) -> distance(name, wrong)).thenComparing(String::compareTo))
			.or(() -> names.stream()
				.filter((name) -> overlaps(plain(name), plain(wrong)))
				.min(Comparator.comparingInt((String name) -> Math.abs(name.length() - wrong.length()))
					.thenComparing(String::compareTo)))
			.orElse(null);
	}

	static boolean isNear(String name, String wrong) {
		return distance(name, wrong) <= Math.max(2, wrong.length() / 4);
	}

	private static boolean overlaps(String name, String wrong) {
		return Math.min(name.length(), wrong.length()) >= LEAST_OVERLAP
				&& (name.contains(wrong) || wrong.contains(name));
	}

	/**
	 * Count the characters that have to be changed, added or removed (Levenshtein).
	 */
	private static int distance(String name, String wrong) {
		String left = plain(name);
		String right = plain(wrong);
		int[] above = new int[right.length() + 1];
		for (int j = 0; j <= right.length(); j++) {
			above[j] = j;
		}
		for (int i = 1; i <= left.length(); i++) {
			int[] row = new int[right.length() + 1];
			row[0] = i;
			for (int j = 1; j <= right.length(); j++) {
				int changed = above[j - 1] + ((left.charAt(i - 1) == right.charAt(j - 1)) ? 0 : 1);
				row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
			}
			above = row;
		}
		return above[right.length()];
	}

	/**
	 * The relaxed forms of a name differ in nothing else.
	 */
	static String plain(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

}
