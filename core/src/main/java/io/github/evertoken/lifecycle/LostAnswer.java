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

	/**
	 * Know of what was lost before.
	 * @param known what the key knows
	 * @param now the time now
	 */
	LostAnswer(KeyState known, Moment now) {
		this.until = known.conditions().isUnanswered(now) ? known.conditions().unansweredUntil() : Long.MIN_VALUE;
	}

	/**
	 * It has happened. An attempt that began while the key was finding out, and was lost
	 * in turn, begins no time of its own: the key is not to ask for ever.
	 * @return whether for the first time, so that the flight makes another attempt,
	 * whoever waits
	 */
	boolean happens(Moment now) {
		boolean first = this.until == Long.MIN_VALUE;
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
