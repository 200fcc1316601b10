package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;

/**
 * The one running call to the issuer for a key, with all its attempts, and the room in
 * which its callers wait for it. The life-cycle makes the attempts, and the callers come
 * and go without any effect on them.
 * <p>
 * A {@link Loan} takes the place of one, and makes no attempt.
 */
class Flight extends BorrowingCall {

	private final Trigger trigger;

	private final KeyState known;

	private final WaitingRoom room;

	private final LostAnswer lostAnswer;

	private volatile Moment startedAt;

	// All of these are written by the attempt that is running, of which there is one at a
	// time, and read by whoever answers an event.

	private volatile long deadline = Long.MAX_VALUE;

	private volatile @Nullable String refreshToken;

	private volatile @Nullable String redeemed;

	private volatile boolean redeeming;

	private volatile boolean brought;

	private volatile boolean disowned;

	private volatile @Nullable TokenException lateFailure;

	private volatile long lateSince;

	private volatile @Nullable Attempt attempt;

	private volatile int attempts;

	private volatile long learnt;

	/**
	 * Prepare a flight.
	 * @param lifecycle the key whose flight it is
	 * @param trigger why it takes off
	 * @param known what the key knows when it takes off
	 * @param outer the flight within which it is asked for, or {@code null}
	 * @param now the time now
	 */
	Flight(TokenLifecycle lifecycle, Trigger trigger, KeyState known, @Nullable Flight outer, Moment now) {
		super(lifecycle, outer);
		this.trigger = trigger;
		this.known = known;
		this.startedAt = now;
		this.refreshToken = known.refreshToken();
		this.lostAnswer = new LostAnswer(known, now);
		this.room = new WaitingRoom(this, lifecycle.client().resources());
	}

	TokenKey key() {
		return lifecycle().key();
	}

	Trigger trigger() {
		return this.trigger;
	}

	/**
	 * Tell whether a caller wants it, and not only the renewal time.
	 */
	boolean isWanted() {
		return this.trigger != Trigger.RENEWAL_TIME || this.room.isOccupied() || isWantedByLender();
	}

	/**
	 * Tell whether somebody waits. Whoever has started the flight is about to.
	 */
	boolean isAwaited() {
		boolean expected = this.trigger == Trigger.USE || this.trigger == Trigger.EXPECTED_DURATION
				|| this.trigger == Trigger.START;
		return this.room.isOccupied() || (expected && this.room.isUntouched());
	}

	/**
	 * Return what the key knew when the flight took off.
	 */
	KeyState known() {
		return this.known;
	}

	@Override
	WaitingRoom room() {
		return this.room;
	}

	/**
	 * Return when the first attempt began, or the flight was prepared.
	 */
	Moment startedAt() {
		return this.startedAt;
	}

	/**
	 * An attempt begins: the clock of the flight starts, and not while it is in a queue.
	 */
	void begins(Attempt attempt, Moment now) {
		if (countAttempt() == 0) {
			this.startedAt = now;
		}
		this.lateFailure = null;
		this.brought = false;
		this.attempt = attempt;
		this.deadline = now.after(settings().deadline(false));
	}

	LostAnswer lostAnswer() {
		return this.lostAnswer;
	}

	/**
	 * The store has shown a version, which need not be looked at again.
	 */
	void learns(long version) {
		this.learnt = version;
	}

	/**
	 * Return the version that the key knows after a flight that has brought nothing.
	 */
	long learnt(KeyState state) {
		return Math.max(this.learnt, state.generation());
	}

	boolean isOverdue(Moment now) {
		return now.mono() >= this.deadline;
	}

	/**
	 * Return the refresh token for the next attempt or flight, {@code null} if there is
	 * none or it was refused.
	 */
	@Nullable String refreshToken() {
		return this.refreshToken;
	}

	void takeAlong(@Nullable String refreshToken) {
		this.refreshToken = refreshToken;
	}

	/**
	 * A refresh token is about to be sent: from now on the flight has the longer
	 * deadline, for what it brings may be the only good set.
	 */
	void redeems(String refreshToken, Moment now) {
		this.redeemed = refreshToken;
		this.redeeming = true;
		if (!isCancelled()) {
			this.deadline = now.after(settings().deadline(true));
		}
	}

	/**
	 * The next attempt comes later: the clock of this one is over.
	 */
	void pauses(long nextAttempt) {
		if (!isCancelled()) {
			this.deadline = nextAttempt + settings().deadline(false);
		}
	}

	/**
	 * The next attempt is in the queue, where no clock runs.
	 */
	void queues() {
		if (!isCancelled()) {
			this.deadline = Long.MAX_VALUE;
		}
	}

	/**
	 * The issuer has answered with what may be the only good set, and the store is to be
	 * told of it: until that has an end, the set is as much on its way as before.
	 * @param longest how long the store may take, in milliseconds
	 */
	void brings(Moment now, long longest) {
		this.redeeming = true;
		this.brought = true;
		if (!isCancelled()) {
			this.deadline = Math.max(this.deadline, now.after(longest) + settings().deadline(false));
		}
	}

	/**
	 * Tell whether the issuer has answered the attempt, whatever became of the set.
	 */
	boolean hasBrought() {
		return this.brought;
	}

	/**
	 * The issuer has answered an attempt, or will not any more. One that was given up may
	 * be answered while the next one is in the air.
	 */
	void answered(@Nullable Attempt attempt) {
		if (attempt == this.attempt) {
			this.redeeming = false;
		}
	}

	boolean isOnTime(long mono) {
		return mono < this.deadline && this.lateFailure == null;
	}

	@Nullable Attempt attempt() {
		return this.attempt;
	}

	/**
	 * The key is being revoked: what comes is not to be had by anybody.
	 */
	void disown() {
		this.disowned = true;
	}

	boolean isDisowned() {
		return this.disowned;
	}

	@Nullable String redeemed() {
		return this.redeemed;
	}

	/**
	 * Tell whether a refresh token is on its way now.
	 */
	boolean isRedeeming() {
		return this.redeeming;
	}

	/**
	 * Those who waited were told that it takes too long.
	 */
	void isLate(TokenException failure, Moment now) {
		if (this.lateFailure == null) {
			this.lateSince = now.mono();
			this.lateFailure = failure;
		}
	}

	/**
	 * Return why nobody is to wait for this flight any more, {@code null} while it is
	 * worth it.
	 */
	@Nullable TokenException hopeless(Moment now) {
		TokenException failure = this.lateFailure;
		return (failure != null && now.mono() >= this.lateSince + settings().backoff().patience()) ? failure : null;
	}

	/**
	 * Let go of the call. One that has a refresh token on its way goes on, unless its own
	 * time has passed.
	 */
	void abandon(Moment now) {
		if (!this.redeeming || isOverdue(now)) {
			cancel();
		}
	}

	void cancel() {
		Attempt attempt = this.attempt;
		this.deadline = Long.MIN_VALUE;
		if (attempt != null) {
			attempt.cancel();
		}
	}

	/**
	 * Tell whether the flight was cancelled before an attempt of it has begun.
	 */
	@Override
	boolean isCancelled() {
		return this.deadline == Long.MIN_VALUE;
	}

	private ClientSettings settings() {
		return lifecycle().client().settings();
	}

}
