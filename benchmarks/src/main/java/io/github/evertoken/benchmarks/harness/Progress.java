package io.github.evertoken.benchmarks.harness;

import java.time.Duration;
import java.util.Locale;

/**
 * Prints how far a run has come and how long the rest may take, every ten seconds, for
 * those who wait for it: on a thread that does nothing else, which costs the measured
 * ones nothing that could be seen.
 */
final class Progress implements AutoCloseable {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final String name;

	private final int measurements;

	private final long start = System.nanoTime();

	private final Thread thread;

	private volatile int done;

	private volatile String current = "";

	/**
	 * Begin.
	 * @param name what the table is called
	 * @param measurements how many there will be
	 */
	Progress(String name, int measurements) {
		this.name = name;
		this.measurements = measurements;
		this.thread = new Thread(this::report, "progress");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * A measurement begins. One thread alone measures.
	 * @param title whose
	 */
	void begins(String title) {
		this.current = title;
	}

	/**
	 * The measurement has ended.
	 */
	void ends() {
		this.done = this.done + 1;
	}

	private void report() {
		try {
			while (true) {
				synchronized (this) {
					wait(INTERVAL.toMillis());
				}
				System.err.println(line(Duration.ofNanos(System.nanoTime() - this.start)));
			}
		}
		catch (InterruptedException ex) {
			// The run has ended.
		}
	}

	/**
	 * Say how things are.
	 * @param taken how long it has taken so far
	 */
	String line(Duration taken) {
		int measured = this.done;
		String left = (measured > 0)
				? "about %d s left".formatted(taken.toSeconds() * (this.measurements - measured) / measured)
				: "no time known yet";
		return String.format(Locale.ROOT, "table %s: %d of %d measurements after %d s, %s; now %s", this.name, measured,
				this.measurements, taken.toSeconds(), left, this.current);
	}

	@Override
	public void close() {
		this.thread.interrupt();
	}

}
