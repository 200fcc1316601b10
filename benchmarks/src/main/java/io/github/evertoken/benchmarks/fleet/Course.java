package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * What a fleet went through.
 */
final class Course {

	/** Requests to the issuer in a lifetime, of all replicas. */
	static final String PER_LIFETIME = "requestsPerLifetime";

	/** Requests to the issuer in a second, in the mean. */
	static final String MEAN = "requestsPerSecond";

	/** The most requests to the issuer in a second, after the start. */
	static final String PEAK = "peakRequestsPerSecond";

	/** The most requests to the issuer in a second of the start. */
	static final String START_PEAK = "peakRequestsPerSecondOfStart";

	/** Requests to the issuer during an incident and after it. */
	static final String REQUESTS = "requests";

	/** Steps of the store for each token set that is issued. */
	static final String STEPS = "stepsPerTokenSet";

	/** Steps of the store in a lifetime, of one replica. */
	static final String STEPS_PER_LIFETIME = "stepsPerLifetimeAndReplica";

	/** Steps of the store in a second, in the mean. */
	static final String STEPS_MEAN = "stepsPerSecond";

	/** The most steps of the store in a second, after the start. */
	static final String STEPS_PEAK = "peakStepsPerSecond";

	/** The most steps of the store in a second of the start. */
	static final String STEPS_START_PEAK = "peakStepsPerSecondOfStart";

	/** Of all calls, those that had to wait, in percent. */
	static final String WAITED = "waited";

	/** The wait of those, in milliseconds. */
	static final String WAIT_P50 = "waitP50";

	/** The wait of those, in milliseconds. */
	static final String WAIT_P99 = "waitP99";

	/** Of all calls, those that failed, in percent. */
	static final String FAILED = "failed";

	/** How many calls failed. */
	static final String FAILURES = "failures";

	/** By how much a timer of the machine was late, in milliseconds, in the mean. */
	static final String LATE = "late";

	private static final long LONGEST_WAIT = TimeUnit.MINUTES.toMillis(10);

	private final Scenario scenario;

	private final LongSupplier nanos;

	private final long begin;

	private final int length;

	private final Series requests;

	private final Series steps;

	private final LongAdder allSteps = new LongAdder();

	private final Map<Integer, Line> lines = new ConcurrentHashMap<>();

	private final Histogram waits = new SynchronizedHistogram(LONGEST_WAIT, 3);

	private final LongAdder calls = new LongAdder();

	private final LongAdder failures = new LongAdder();

	private final LongAdder ticks = new LongAdder();

	private final LongAdder lateness = new LongAdder();

	private volatile boolean over;

	/**
	 * Begin.
	 * @param scenario what the fleet goes through
	 * @param nanos the time
	 */
	Course(Scenario scenario, LongSupplier nanos) {
		this.scenario = scenario;
		this.nanos = nanos;
		this.begin = nanos.getAsLong();
		this.length = (int) scenario.lasts().toSeconds();
		this.requests = new Series(this.length);
		this.steps = new Series(this.length);
	}

	/**
	 * What happens from now on does not count.
	 */
	Course ended() {
		this.over = true;
		return this;
	}

	Duration passed() {
		return Duration.ofNanos(this.nanos.getAsLong() - this.begin);
	}

	/**
	 * The issuer is asked.
	 */
	void request() {
		this.requests.count(passed().toSeconds());
	}

	/**
	 * The issuer gives a token set.
	 * @param replica to whom
	 */
	void issued(int replica) {
		this.lines.computeIfAbsent(this.scenario.shared() ? 0 : replica, (key) -> new Line())
			.issued(passed(), this.allSteps.sum());
	}

	/**
	 * The store makes a step.
	 */
	void step() {
		this.steps.count(passed().toSeconds());
		this.allSteps.increment();
	}

	void called() {
		this.calls.increment();
	}

	void waited(Duration wait) {
		if (!this.over) {
			this.waits.recordValue(Math.min(LONGEST_WAIT, wait.toMillis()));
		}
	}

	void failed() {
		if (!this.over) {
			this.failures.increment();
		}
	}

	/**
	 * A timer has rung.
	 * @param late by how many nanoseconds it was late
	 */
	void rang(long late) {
		this.ticks.increment();
		this.lateness.add(late);
	}

	Series requests() {
		return this.requests;
	}

	Series steps() {
		return this.steps;
	}

	/**
	 * Return what there is to say of it.
	 * @return the value of each metric
	 */
	Map<String, Double> metrics() {
		double lifetime = this.scenario.lifetime().toMillis() / 1000.0;
		double perSecond = this.lines.values().stream().mapToDouble(Line::perSecond).sum();
		int warm = warm();
		double steps = this.lines.values().stream().mapToDouble(Line::steps).max().orElse(0);
		double calls = Math.max(1, this.calls.sum());
		return Map.ofEntries(Map.entry(PER_LIFETIME, perSecond * lifetime), Map.entry(MEAN, perSecond),
				Map.entry(PEAK, (double) this.requests.peak(warm, this.length)),
				Map.entry(START_PEAK, (double) this.requests.peak(0, warm)),
				Map.entry(REQUESTS, (double) this.requests.total(warm, this.length)), Map.entry(STEPS, steps),
				Map.entry(STEPS_PER_LIFETIME, steps * perSecond * lifetime / this.scenario.replicas()),
				Map.entry(STEPS_MEAN, steps * perSecond),
				Map.entry(STEPS_PEAK, (double) this.steps.peak(warm, this.length)),
				Map.entry(STEPS_START_PEAK, (double) this.steps.peak(0, warm)),
				Map.entry(WAITED, 100 * this.waits.getTotalCount() / calls),
				Map.entry(WAIT_P50, (double) this.waits.getValueAtPercentile(50)),
				Map.entry(WAIT_P99, (double) this.waits.getValueAtPercentile(99)),
				Map.entry(FAILED, 100 * this.failures.sum() / calls), Map.entry(FAILURES, (double) this.failures.sum()),
				Map.entry(LATE, this.lateness.sum() / 1e6 / Math.max(1, this.ticks.sum())));
	}

	/**
	 * Return the second from which on it is no start any more: half a lifetime later,
	 * when nothing is due yet, or the beginning of the incident.
	 */
	private int warm() {
		return (int) ((this.scenario.incident() != Scenario.Incident.NONE) ? this.scenario.from()
				: this.scenario.start().plus(this.scenario.lifetime().dividedBy(2)))
			.toSeconds();
	}

	/**
	 * The token sets that follow each other: those of one replica, or those of the record
	 * that all share.
	 */
	private static final class Line {

		private Duration first = Duration.ZERO;

		private Duration last = Duration.ZERO;

		private long stepsAtSecond;

		private long stepsAtLast;

		private long count;

		synchronized void issued(Duration at, long steps) {
			this.count++;
			this.first = (this.count == 1) ? at : this.first;
			this.last = at;
			this.stepsAtSecond = (this.count == 2) ? steps : this.stepsAtSecond;
			this.stepsAtLast = steps;
		}

		/**
		 * The time between the first and the last is a whole number of renewals, however
		 * short it was looked at.
		 */
		synchronized double perSecond() {
			return (this.count > 1) ? (this.count - 1) / (this.last.minus(this.first).toNanos() / 1e9) : 0;
		}

		/**
		 * What follows the first token set belongs to the start.
		 */
		synchronized double steps() {
			return (this.count > 2) ? (this.stepsAtLast - this.stepsAtSecond) / (double) (this.count - 2) : 0;
		}

	}

}
