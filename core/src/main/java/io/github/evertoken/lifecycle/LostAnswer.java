package io.github.evertoken.lifecycle;

/**
 * What a flight knows of an answer that was lost after a refresh token had been sent:
 * nobody can know whether it was redeemed (LC-3).
 */
final class LostAnswer {

	/**
	 * For so many milliseconds a key finds out by itself what has become of the refresh
	 * token, though nobody needs a token. Servers that take a rotated refresh token once
	 * more do so for a minute at most, as a rule; after that it can wait for the next
	 * use.
	 */
	static final long LONGEST_GRACE = 60_000;

	private volatile long until;

	LostAnswer(KeyState known) {
		this.until = known.conditions().unansweredUntil();
	}

	/**
	 * It has happened.
	 * @return whether for the first time, so that the flight makes another attempt,
	 * whoever waits
	 */
	boolean happens(Moment now) {
		boolean first = now.mono() >= this.until;
		this.until = first ? now.after(LONGEST_GRACE) : this.until;
		return first;
	}

	/**
	 * Return until when the key finds out by itself, by the monotonic clock;
	 * {@link Long#MIN_VALUE} if no answer was lost.
	 */
	long until() {
		return this.until;
	}

}
