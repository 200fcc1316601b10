package io.github.evertoken.samples.fleet.show;

import java.util.List;

/**
 * A line that a replica has written.
 *
 * @param replica who
 * @param what what it is about
 * @param at when it was written, in milliseconds
 * @param subject whom it is about, {@code -} for the service itself
 * @param details what else it says
 */
record Told(String replica, String what, long at, String subject, List<String> details) {

	/**
	 * Read a line.
	 */
	static Told of(String replica, String line) {
		List<String> words = List.of(line.split(" "));
		return new Told(replica, words.get(0), Long.parseLong(words.get(1)), (words.size() > 2) ? words.get(2) : "-",
				(words.size() > 3) ? words.subList(3, words.size()) : List.of());
	}

	boolean is(String what, String subject) {
		return this.what.equals(what) && this.subject.equals(subject);
	}

	/**
	 * Return a detail, empty if it is not there.
	 */
	String detail(int index) {
		return (index < this.details.size()) ? this.details.get(index) : "";
	}

}
