package io.github.evertoken.dashboard;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * The latest events. Whoever reads has a cursor, the place of the last event that was
 * read; one that is too old, or from before a restart, gets the oldest that is held, and
 * a mark that some are missing.
 */
final class EventRing {

	static final int CAPACITY = 1000;

	private final DashboardEvent[] events = new DashboardEvent[CAPACITY];

	// Numbers begin anew with each start of the application, and a cursor must not.
	private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private long last;

	/**
	 * Add an event, instead of the oldest one if there are too many.
	 */
	void add(DashboardEvent event) {
		synchronized (this) {
			this.last++;
			this.events[slot(this.last)] = event;
		}
		this.listeners.forEach(Runnable::run);
	}

	private static int slot(long number) {
		return (int) (number % CAPACITY);
	}

	/**
	 * Be told of each event that has been added, on the thread that has added it.
	 * @return ends that
	 */
	Runnable listen(Runnable listener) {
		this.listeners.add(listener);
		return () -> this.listeners.remove(listener);
	}

	/**
	 * Return the place before the oldest event that is held.
	 */
	synchronized Cursor oldest() {
		return new Cursor(this.run, Math.max(0, this.last - CAPACITY));
	}

	/**
	 * Return what has happened after a place.
	 * @param since the place, or {@code null} for the oldest event that is held
	 * @param most how many events to return at the most
	 */
	synchronized Batch read(@Nullable Cursor since, int most) {
		Cursor oldest = oldest();
		boolean known = since != null && since.run().equals(this.run) && since.number() <= this.last
				&& since.number() >= oldest.number();
		long from = (since != null && known) ? since.number() : oldest.number();
		List<Numbered> read = new ArrayList<>();
		for (long number = from + 1; number <= this.last && read.size() < most; number++) {
			read.add(new Numbered(new Cursor(this.run, number), this.events[slot(number)]));
		}
		return new Batch(read, new Cursor(this.run, from + read.size()), since != null && !known);
	}

	/**
	 * A place in the ring of one run of the application.
	 *
	 * @param run the run
	 * @param number the number of the last event that was read, 0 before the first one
	 */
	record Cursor(String run, long number) {

		/**
		 * Read a cursor.
		 * @throws IllegalArgumentException if it is none
		 */
		static Cursor parse(String text) {
			int dash = text.indexOf('-');
			if (dash <= 0 || !text.substring(dash + 1).matches("\\d{1,18}")) {
				throw new IllegalArgumentException("A cursor is what was given as 'next' or as the id of an event");
			}
			return new Cursor(text.substring(0, dash), Long.parseLong(text.substring(dash + 1)));
		}

		@Override
		public String toString() {
			return this.run + "-" + this.number;
		}

	}

	/**
	 * An event in its place.
	 *
	 * @param cursor its place
	 * @param event the event
	 */
	record Numbered(Cursor cursor, DashboardEvent event) {

	}

	/**
	 * Events that follow each other.
	 *
	 * @param events the events
	 * @param next the place of the last one
	 * @param missed whether some before them are lost
	 */
	record Batch(List<Numbered> events, Cursor next, boolean missed) {

	}

}
