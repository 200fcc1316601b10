package io.github.evertoken.benchmarks.redis;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Fork;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * What it costs to live on one token set with other replicas, by a real Redis.
 */
public final class RedisTable implements Table {

	private final Settings settings;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public RedisTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "The store in Redis";
	}

	@Override
	public String explanation() {
		return ("A Redis 7.0 in a process of its own, over the loopback interface, without persistence; replicas are token"
				+ " managers with stores and connections of their own in one JVM. An access token has %,d characters and a"
				+ " refresh token %d. Steps are the scripts that Redis has run; a token lives 5 min, of which the clocks of"
				+ " the replicas skip what is before the first renewal. A flight is timed by its caller, with an"
				+ " issuer that answers at once. Bytes are what `MEMORY USAGE` says of a record, and what `used_memory`"
				+ " grows by with many, of which %d steps are underway at once. A change is timed from before the call at"
				+ " one replica until another one has not the old token any more. Steps and bytes do not depend on the"
				+ " machine; times do.")
			.formatted(Tokens.ACCESS_LENGTH, Tokens.REFRESH_LENGTH, ManySubjects.CONCURRENCY);
	}

	@Override
	public int rounds() {
		return 3;
	}

	@Override
	public List<Comparison> comparisons() {
		return List.of(steps(), flights(), records(), subjects(), sightings());
	}

	private Comparison steps() {
		List<Column> columns = List.of(Column.spread("token requests", RenewalSteps.REQUESTS, 2),
				Column.spread("steps", RenewalSteps.STEPS, 2),
				Column.median("steps of each replica", RenewalSteps.STEPS_OF_A_REPLICA, 2));
		int few = this.settings.choose(4, 2);
		int many = this.settings.choose(20, 3);
		List<Entrant> entrants = List.of(renewing("a user's key, 1 replica", 0, false, 1),
				renewing("a user's key, %d replicas".formatted(few), 1, false, few),
				renewing("a user's key, %d replicas".formatted(many), 1, false, many),
				renewing("a service's key, %d replicas".formatted(many), 1, true, many));
		return new Comparison("In a lifetime, for one key that all replicas use", entrants, 0, columns);
	}

	private Entrant renewing(String title, int place, boolean service, int replicas) {
		return entrant(title, RenewalSteps.class, place, service, replicas, this.settings.choose(50, 5),
				this.settings.choose(300, 20));
	}

	private Comparison flights() {
		List<Column> columns = new ArrayList<>();
		for (String what : List.of(FlightTime.FIRST, FlightTime.NEXT)) {
			String heading = what.equals(FlightTime.FIRST) ? "first token: " : "after a rejection: ";
			columns.add(Column.median(heading + "p50, ms", what + " p50", 2));
			columns.add(Column.difference("added, ms", what + " p50", 2));
			columns.add(Column.median("p99, ms", what + " p99", 2));
			columns.add(Column.difference("added, ms", what + " p99", 2));
		}
		int times = this.settings.choose(2_000, 20);
		int warmUp = this.settings.choose(2_000, 1);
		return new Comparison("A flight",
				List.of(entrant("store in memory", FlightTime.class, 0, FlightTime.MEMORY, times, warmUp),
						entrant("store in Redis", FlightTime.class, 1, FlightTime.REDIS, times, warmUp)),
				0, columns);
	}

	private Comparison records() {
		return new Comparison("A record",
				List.of(entrant("a user's, with a refresh token", RecordSize.class, 0, RecordSize.Kind.USER),
						entrant("a service's, without one", RecordSize.class, 1, RecordSize.Kind.SERVICE),
						entrant("a tombstone", RecordSize.class, 1, RecordSize.Kind.TOMBSTONE)),
				0, List.of(Column.spread("B in Redis", RecordSize.BYTES, 0),
						Column.median("of them encrypted", RecordSize.SEALED, 0)));
	}

	private Comparison subjects() {
		int subjects = this.settings.choose(100_000, 1_000);
		return new Comparison("Many subjects in one Redis",
				List.of(entrant("%,d subjects".formatted(subjects), ManySubjects.class, 0, subjects)), 0,
				List.of(Column.spread("MiB in Redis", ManySubjects.MEBIBYTES, 0),
						Column.median("B a subject", ManySubjects.BYTES, 0),
						Column.spread("written after, s", ManySubjects.WRITTEN_AFTER, 1),
						Column.spread("Redis's own time, µs/write", ManySubjects.WRITE_MICROS, 0),
						Column.spread("claims/s", ManySubjects.CLAIMS, 0),
						Column.spread("Redis's own time, µs/claim", ManySubjects.CLAIM_MICROS, 0)));
	}

	private Comparison sightings() {
		int times = this.settings.choose(1_000, Sightings.AT_ONCE);
		int warmUp = this.settings.choose(200, 1);
		return new Comparison("Until another replica sees it",
				List.of(entrant("a sign-out (`remove`)", Sightings.class, 0, Sightings.REMOVE, times, warmUp),
						entrant("a login (`put`)", Sightings.class, 1, Sightings.PUT, times, warmUp)),
				0,
				List.of(Column.median("p50, ms", "p50", 2), Column.median("p99, ms", "p99", 2),
						Column.spread("max, ms", "max", 1),
						Column.median("later than " + Sightings.PROMISED_MILLIS + " ms", "late", 0)));
	}

	private Entrant entrant(String title, Class<? extends Measurement> type, int place, Object... arguments) {
		return new Entrant(title, this.settings.measuring(type, place, Fork.JVM_OPTIONS,
				List.of(arguments).stream().map(String::valueOf).toList()));
	}

}
