package io.github.evertoken.dashboard;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.evertoken.TokenObserver.Outcome;

/**
 * What there may be thousands of at a time, for one client: it is told in a sum soon
 * after the first of it.
 */
final class Tally {

	/**
	 * How long a sum is gathered before it is told: nobody who looks notices it.
	 */
	private static final Duration GATHERED = Duration.ofMillis(100);

	/**
	 * The latest waits, by which the percentiles go.
	 */
	private static final int SAMPLES = 1024;

	private final String client;

	private final EventRing ring;

	private final DashboardThread thread;

	private final Clock clock;

	private final long[] samples = new long[SAMPLES];

	private final Map<Counted, Long> counts = new LinkedHashMap<>();

	private long waits;

	private long waitsTold;

	private long failed;

	private boolean gathering;

	Tally(String client, EventRing ring, DashboardThread thread, Clock clock) {
		this.client = client;
		this.ring = ring;
		this.thread = thread;
		this.clock = clock;
	}

	synchronized void waited(Duration waited, Outcome outcome) {
		this.samples[(int) (this.waits % SAMPLES)] = waited.toMillis();
		this.waits++;
		if (outcome != Outcome.SUCCESS && outcome != Outcome.CANCELLED) {
			this.failed++;
		}
		gather();
	}

	synchronized void count(String type, Enum<?> outcome) {
		this.counts.merge(new Counted(type, outcome), 1L, Long::sum);
		gather();
	}

	private void gather() {
		if (!this.gathering) {
			this.gathering = true;
			this.thread.schedule(this::tell, GATHERED);
		}
	}

	private synchronized void tell() {
		this.gathering = false;
		this.counts.forEach((counted, count) -> this.ring
			.add(event(counted.type()).with("outcome", counted.outcome()).with("count", count)));
		this.counts.clear();
		if (this.waits > this.waitsTold) {
			tellWaits();
		}
	}

	private void tellWaits() {
		long[] sorted = Arrays.copyOf(this.samples, (int) Math.min(this.waits, SAMPLES));
		Arrays.sort(sorted);
		this.ring.add(event("waits").with("count", this.waits - this.waitsTold)
			.with("failed", this.failed)
			.with("p50", percentile(sorted, 50))
			.with("p99", percentile(sorted, 99)));
		this.waitsTold = this.waits;
		this.failed = 0;
	}

	private DashboardEvent event(String type) {
		return DashboardEvent.of(type, this.clock.instant(), this.client);
	}

	/**
	 * The nearest rank: the smallest sample that at least so many in a hundred do not
	 * exceed.
	 */
	private static long percentile(long[] sorted, int percent) {
		return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
	}

	private record Counted(String type, Enum<?> outcome) {

	}

}
