package io.github.evertoken.samples.quickstart.show;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Prints what happens, with the seconds since the start.
 */
public final class Timeline {

	private final PrintStream out;

	private final long startedAt = System.nanoTime();

	/**
	 * Start a timeline.
	 * @param out where it is printed
	 */
	public Timeline(PrintStream out) {
		this.out = out;
	}

	/**
	 * Print a line.
	 * @param who the one to whom it happens
	 * @param what what happens, as a format
	 * @param arguments the arguments of the format
	 */
	public void say(String who, String what, Object... arguments) {
		double seconds = Duration.ofNanos(System.nanoTime() - this.startedAt).toMillis() / 1000.0;
		line(String.format(Locale.ROOT, "%6.1f s  %-15s  %s", seconds, who,
				String.format(Locale.ROOT, what, arguments)));
	}

	/**
	 * Print a line as it is.
	 * @param text the line
	 */
	public void line(String text) {
		this.out.println(text);
		this.out.flush();
	}

}
