package io.github.evertoken.migrate;

import java.util.Comparator;

/**
 * What is said of a place in the project.
 *
 * @param place the place
 * @param text what is said of it
 */
record Remark(Place place, String text) implements Comparable<Remark> {

	private static final Comparator<Remark> ORDER = Comparator.comparing(Remark::place).thenComparing(Remark::text);

	@Override
	public int compareTo(Remark other) {
		return ORDER.compare(this, other);
	}

}
