package io.github.evertoken.samples.fleet.show;

import java.util.List;
import java.util.Locale;

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
	 * Print the summary as a table.
	 * @param timeline where it is printed
	 */
	public void print(Timeline timeline) {
		int promise = width("PROMISE", this.promises.stream().map(Promise::text).toList());
		int measured = width("MEASURED", this.promises.stream().map(Promise::measured).toList());
		String row = "%-" + promise + "s   %-" + measured + "s   %s";
		timeline.line("");
		timeline.line(String.format(Locale.ROOT, row, "PROMISE", "MEASURED", ""));
		this.promises.forEach((each) -> timeline
			.line(String.format(Locale.ROOT, row, each.text(), each.measured(), each.kept() ? "kept" : "BROKEN")));
	}

	private static int width(String title, List<String> cells) {
		return Math.max(title.length(), cells.stream().mapToInt(String::length).max().orElse(0));
	}

}
