package io.github.evertoken.migrate;

import java.util.Comparator;

/**
 * A place in a project: a file and the lines in it, counted from 1.
 *
 * @param file the file, from the project's directory on, with {@code /} in between
 * @param from the first line, or 0 for the whole file
 * @param to the last line
 */
record Place(String file, int from, int to) implements Comparable<Place> {

	private static final Comparator<Place> ORDER = Comparator.comparing(Place::file)
		.thenComparingInt(Place::from)
		.thenComparingInt(Place::to);

	static Place of(String file, int line) {
		return new Place(file, line, line);
	}

	static Place of(String file) {
		return new Place(file, 0, 0);
	}

	@Override
	public int compareTo(Place other) {
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		if (this.from == 0) {
			return this.file;
		}
		return this.file + ":" + this.from + ((this.to > this.from) ? "-" + this.to : "");
	}

}
