package io.github.evertoken.samples.quickstart.show;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * How the promises were kept.
 *
 * @param promises the promises
 */
public record Summary(List<Promise> promises) {

	/**
	 * Return whether every promise was kept.
	 * @return whether there is at least one promise, and none was broken
	 */
	public boolean kept() {
		return !this.promises.isEmpty() && this.promises.stream().allMatch(Promise::kept);
	}

	/**
	 * Return the exit code of a program that ends with this summary.
	 * @return 0 if every promise was kept, else 1
	 */
	public int exitCode() {
		return kept() ? 0 : 1;
	}

	/**
	 * Print the summary as a table, with what came of the same scenes before in its last
	 * column.
	 * @param timeline where it is printed
	 */
	public void print(Timeline timeline) {
		String row = "%-" + width("PROMISE", Promise::text) + "s   %-6s   %-" + width("EVERTOKEN", Promise::measured)
				+ "s   %s";
		timeline.line("");
		line(timeline, row, "PROMISE", "", "EVERTOKEN", "SPRING SECURITY");
		this.promises.forEach((each) -> line(timeline, row, each.text(), each.kept() ? "kept" : "BROKEN",
				each.measured(), each.before()));
	}

	private static void line(Timeline timeline, String row, Object... cells) {
		timeline.line(String.format(Locale.ROOT, row, cells).stripTrailing());
	}

	private int width(String title, Function<Promise, String> cell) {
		return Math.max(title.length(), this.promises.stream().map(cell).mapToInt(String::length).max().orElse(0));
	}

}
