package io.github.evertoken.lifecycle;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

/**
 * How an issuer is: well, or in trouble that is none of a single key's. It is shared by
 * all clients of a token endpoint. While there is trouble, one attempt at a time finds
 * out whether it has ended; when it has, the others follow by and by (LC-7).
 */
final class IssuerCondition {

	// The lock of this object guards all fields but the runways. Nobody is called under
	// it.
	//
	// `troubled` is for those who only want to know that all is well, without a lock.

	/**
	 * Trouble of which nothing was seen for so long after its last pause is another one.
	 */
	private static final long STALE = 30_000;

	/**
	 * The last attempt that patience has time for begins so many milliseconds before its
	 * end.
	 */
	private static final long LAST_CHANCE = 250;

	private static final int UNBOUNDED = Integer.MAX_VALUE / 4;

	private final ManagerResources resources;

	private final TroubleLog log = new TroubleLog();

	private final List<Runway> runways = new CopyOnWriteArrayList<>();

	private volatile boolean troubled;

	private volatile long answeredAt = Long.MIN_VALUE;

	private @Nullable TransientTokenException failure;

	private int failures;

	private int awaitedFailures;

	private long since;

	private long failedAt;

	private long retryAt;

	// The pause after failures that nobody has waited for is no caller's business (LC-2).
	private long callersRetryAt;

	private boolean asked;

	private long patientUntil;

	private boolean probing;

	private volatile int epoch;

	private int rampLength = UNBOUNDED;

	IssuerCondition(ManagerResources resources) {
		this.resources = resources;
	}

	void leadsTo(Runway runway) {
		this.runways.add(runway);
	}

	/**
	 * Return how many calls there may be at a time, as the issuer recovers.
	 */
	synchronized int rampLength() {
		return this.rampLength;
	}

	/**
	 * Return how many times the issuer has recovered.
	 */
	int epoch() {
		return this.epoch;
	}

	/**
	 * Let an attempt go, or not yet.
	 * @param wanted whether a caller wants it
	 */
	synchronized Runway.Admission admit(boolean wanted, Moment now) {
		if (this.failure == null) {
			return Runway.Admission.NOW;
		}
		if (this.probing || now.mono() < (wanted ? this.callersRetryAt : this.retryAt)) {
			return Runway.Admission.LATER;
		}
		this.probing = true;
		return Runway.Admission.PROBE;
	}

	void probeEnded() {
		synchronized (this) {
			this.probing = false;
		}
		this.runways.forEach(Runway::go);
	}

	synchronized @Nullable TransientTokenException failure() {
		return this.failure;
	}

	boolean isTroubled() {
		return this.troubled;
	}

	void callFailed(Throwable failure) {
		if (this.troubled && failure instanceof TransientTokenException) {
			this.log.callFailed();
		}
	}

	/**
	 * Tell whether nothing is to be asked in the background now.
	 */
	boolean isResting(Moment now) {
		if (!this.troubled) {
			return false;
		}
		synchronized (this) {
			return this.failure != null && (this.probing || now.mono() < this.retryAt);
		}
	}

	/**
	 * Return when the issuer may be asked again, the past if it may be now.
	 */
	long restsUntil() {
		if (!this.troubled) {
			return Long.MIN_VALUE;
		}
		synchronized (this) {
			return (this.failure != null) ? this.retryAt : Long.MIN_VALUE;
		}
	}

	/**
	 * Return when callers may have the issuer asked again, the past if they may now. The
	 * pause after failures that nobody has waited for is longer than that.
	 */
	synchronized long keepsCallersUntil() {
		return (this.failure != null) ? this.callersRetryAt : Long.MIN_VALUE;
	}

	/**
	 * Return why a caller fails at once, {@code null} if it may wait: because patience is
	 * over and it is not yet time to look again, or because the issuer asked to be left
	 * alone for longer than anybody waits.
	 * @param joining whether it would wait for a flight that is there
	 */
	@Nullable TransientTokenException failsAtOnce(TokenKey key, Moment now, long longestWait, boolean joining) {
		if (!this.troubled) {
			return null;
		}
		synchronized (this) {
			if (this.failure == null || isStale(now)) {
				return null;
			}
			boolean rests = this.probing || now.mono() < this.callersRetryAt;
			boolean told = isOver(now) && (rests || joining);
			boolean tooLong = this.asked && this.retryAt - now.mono() > longestWait;
			return (told || tooLong) ? TroubleLog.copyFor(key, this.failure) : null;
		}
	}

	private boolean isOver(Moment now) {
		return this.patientUntil != Long.MIN_VALUE
				&& (now.mono() >= this.patientUntil || this.callersRetryAt >= this.patientUntil);
	}

	private boolean isStale(Moment now) {
		return !this.probing && now.mono() - this.retryAt > STALE;
	}

	/**
	 * The issuer has answered: there is no trouble any more, for nobody.
	 */
	void answered(Moment now) {
		this.answeredAt = now.mono();
		if (!this.troubled && this.rampLength >= UNBOUNDED) {
			return;
		}
		TroubleLog.Summary summary = null;
		synchronized (this) {
			if (this.failure != null) {
				summary = new TroubleLog.Summary(this.failure, this.failures, now.mono() - this.since);
				this.failure = null;
				this.troubled = false;
				this.rampLength = 1;
				this.epoch = this.epoch + 1;
			}
			this.rampLength = Math.min(UNBOUNDED, this.rampLength * 2);
		}
		if (summary != null) {
			this.log.over(summary);
		}
		this.runways.forEach(Runway::go);
	}

	/**
	 * The issuer has failed.
	 * @param failure why
	 * @param awaited whether somebody waits for the flight
	 * @param startedAt when the attempt began
	 * @param now when it failed
	 * @param backoff how long to pause
	 * @param luck a random number
	 */
	IssuerVerdict failed(TransientTokenException failure, boolean awaited, Moment startedAt, Moment now,
			Backoff backoff, double luck) {
		IssuerVerdict verdict;
		boolean tellAt;
		synchronized (this) {
			if (this.failure == null && this.answeredAt > startedAt.mono() && backoff.patience() > 0
					&& !Backoff.asksForPause(failure)) {
				// Others have been answered meanwhile: this is one attempt's trouble.
				return new IssuerVerdict(true, now.after(backoff.shortPause(0, luck)), now.after(backoff.patience()));
			}
			if (this.failure == null || isStale(now)) {
				begin(now);
			}
			tellAt = awaited && this.patientUntil == Long.MIN_VALUE;
			boolean another = this.failures == 0 || startedAt.mono() >= this.failedAt || tellAt;
			if (tellAt) {
				this.patientUntil = now.after(backoff.patience());
			}
			this.failure = failure;
			this.troubled = true;
			boolean patient = now.mono() < this.patientUntil;
			if (another) {
				long pause = patient ? backoff.shortPause(this.awaitedFailures, luck)
						: backoff.pause(this.failures, luck);
				this.asked = this.asked && now.mono() < this.retryAt;
				this.retryAt = this.asked ? Math.max(this.retryAt, now.after(pause)) : now.after(pause);
				this.failures++;
				this.awaitedFailures += patient ? 1 : 0;
				this.failedAt = now.mono();
			}
			if (Backoff.asksForPause(failure)) {
				this.retryAt = Math.max(this.retryAt, now.after(Backoff.retryAfter(failure)));
				this.asked = true;
			}
			if (patient && !this.asked && this.retryAt >= this.patientUntil) {
				this.retryAt = Math.min(this.retryAt,
						Math.max(now.after(LAST_CHANCE), this.patientUntil - LAST_CHANCE));
			}
			this.callersRetryAt = (awaited || this.asked) ? this.retryAt : this.callersRetryAt;
			verdict = new IssuerVerdict(patient && this.retryAt < this.patientUntil, this.retryAt, this.patientUntil);
		}
		this.log.failed(failure, verdict.nextAttempt() - now.mono(), now);
		this.resources.timer().after(verdict.nextAttempt() - now.mono(), () -> this.runways.forEach(Runway::go));
		if (tellAt) {
			this.resources.timer().after(verdict.patientUntil() - now.mono(), this::tell);
		}
		if (!verdict.goesOn()) {
			tell();
		}
		return verdict;
	}

	private void begin(Moment now) {
		this.failures = 0;
		this.awaitedFailures = 0;
		this.patientUntil = Long.MIN_VALUE;
		this.callersRetryAt = Long.MIN_VALUE;
		this.since = now.mono();
		this.asked = false;
		this.rampLength = 1;
	}

	/**
	 * Tell all who queue, if the time has come and the trouble has not ended.
	 */
	private void tell() {
		TransientTokenException failure;
		synchronized (this) {
			failure = (this.failure != null && isOver(this.resources.now())) ? this.failure : null;
		}
		if (failure != null) {
			this.runways.forEach((runway) -> runway.clear(failure));
		}
	}

}
