package io.github.evertoken.samples.fleet.show;

/**
 * The time in which somebody was killed or paused.
 */
final class Absence {

	static final long FOR_EVER = Long.MAX_VALUE;

	private final String who;

	private final long from;

	private volatile long until = FOR_EVER;

	Absence(String who, long from) {
		this.who = who;
		this.from = from;
	}

	String who() {
		return this.who;
	}

	long until() {
		return this.until;
	}

	long length() {
		return this.until - this.from;
	}

	void isOver() {
		this.until = System.currentTimeMillis();
	}

	boolean overlaps(long begin, long end) {
		return this.from <= end && this.until >= begin;
	}

}
