package io.github.evertoken.benchmarks.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.github.evertoken.benchmarks.chart.Chart;
import io.github.evertoken.benchmarks.chart.Growth;
import io.github.evertoken.benchmarks.fleet.Scenario.Incident;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * What a fleet asks of its issuer and of its store: first a small one, measured and
 * simulated, which have to agree, and then a large one, simulated.
 */
public final class ScaleTable implements Table {

	/**
	 * By how much the simulated fleet may differ from the measured one in its requests,
	 * and in its steps in the store.
	 */
	private static final Map<String, Double> TOLERANCES = Map.of(Course.PER_LIFETIME, 0.1, Course.STEPS, 0.2);

	/**
	 * So many seconds are one point of a plot.
	 */
	private static final int POINT = 5;

	/**
	 * What part of a lifetime the timers of this machine may be late, in the mean. One
	 * that is busier than that says nothing about the fleet.
	 */
	private static final double LATENESS = 0.01;

	private static final String MEASURED = "measured";

	private static final String SIMULATED = "simulated";

	private static final List<Column> LOCAL_AGREEMENT = List.of(
			Column.median("issuer requests a lifetime", Course.PER_LIFETIME, 2),
			Column.ratio("to the measured", Course.PER_LIFETIME),
			Column.median("first wait p50, ms", Course.WAIT_P50, 0), Column.median("timers late, ms", Course.LATE, 1));

	private static final List<Column> SHARED_AGREEMENT = List.of(
			Column.median("issuer requests a lifetime", Course.PER_LIFETIME, 2),
			Column.ratio("to the measured", Course.PER_LIFETIME),
			Column.median("store steps a token set", Course.STEPS, 2), Column.ratio("to the measured", Course.STEPS),
			Column.median("timers late, ms", Course.LATE, 1));

	private static final List<Column> STEADY = List.of(
			Column.median("issuer requests a lifetime", Course.PER_LIFETIME, 1),
			Column.median("a second, mean", Course.MEAN, 3), Column.ratio("to the first", Course.MEAN),
			Column.median("peak", Course.PEAK, 0), Column.ratio("to the first", Course.PEAK),
			Column.median("peak at the start", Course.START_PEAK, 0),
			Column.median("store steps a second, mean", Course.STEPS_MEAN, 1),
			Column.median("peak", Course.STEPS_PEAK, 0), Column.median("peak at the start", Course.STEPS_START_PEAK, 0),
			Column.median("a lifetime and replica", Course.STEPS_PER_LIFETIME, 2),
			Column.median("first wait p50, ms", Course.WAIT_P50, 0), Column.median("p99, ms", Course.WAIT_P99, 0),
			Column.median("calls failed", Course.FAILURES, 0));

	private static final List<Column> INCIDENT = List.of(
			Column.median("issuer requests from then on", Course.REQUESTS, 0),
			Column.ratio("to the first", Course.REQUESTS), Column.median("a second, peak", Course.PEAK, 0),
			Column.ratio("to the first", Course.PEAK),
			Column.median("store steps a second, peak", Course.STEPS_PEAK, 0),
			Column.median("calls that waited, %", Course.WAITED, 3), Column.median("p50, ms", Course.WAIT_P50, 0),
			Column.median("p99, ms", Course.WAIT_P99, 0), Column.median("calls failed, %", Course.FAILED, 3));

	private final Settings settings;

	private final int replicas;

	private final Duration shortLifetime;

	private final Map<String, Course> drawn = new LinkedHashMap<>();

	private final List<Comparison> agreements;

	private final List<Comparison> comparisons = new ArrayList<>();

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public ScaleTable(Settings settings) {
		this.settings = settings;
		this.replicas = settings.choose(10_000, 100);
		this.shortLifetime = Duration.ofSeconds(settings.choose(4, 2));
		this.agreements = settings.brief() ? List.of(agreement(4, false), agreement(8, true))
				: List.of(agreement(4, false), agreement(8, false), agreement(4, true), agreement(8, true));
		this.comparisons.addAll(this.agreements);
		IntStream.of(5, 15, 60)
			.limit(settings.choose(3, 1))
			.forEach((minutes) -> this.comparisons.add(steady(Duration.ofMinutes(minutes))));
		for (Incident incident : List.of(Incident.DEPLOYMENT, Incident.ISSUER_AWAY, Incident.STORE_AWAY)) {
			this.comparisons.add(incident(incident));
		}
	}

	private Comparison agreement(int replicas, boolean shared) {
		Duration lifetime = this.shortLifetime;
		Duration measured = lifetime.multipliedBy(5);
		// The simulated one is looked at for longer: it is to tell what is to be
		// expected.
		Duration simulated = lifetime.multipliedBy(this.settings.choose(300, 100));
		Scenario local = Scenario.coldStart(replicas, lifetime, measured, 1);
		Scenario scenario = shared ? local.sharing() : local;
		// The simulated one comes first: what is measured has its code compiled by then.
		return new Comparison(
				"%d replicas, %s, lifetimes of %d s".formatted(replicas, shared ? "a shared store" : "no store",
						lifetime.toSeconds()),
				List.of(new Entrant(SIMULATED, () -> Fleet.simulate(scenario.lasting(simulated)).metrics()),
						new Entrant(MEASURED, () -> Fleet.measure(scenario).metrics())),
				1, shared ? SHARED_AGREEMENT : LOCAL_AGREEMENT);
	}

	private Comparison steady(Duration lifetime) {
		Scenario local = Scenario.coldStart(this.replicas, lifetime, lifetime.multipliedBy(this.settings.choose(6, 3)),
				2);
		return new Comparison(
				"%,d replicas that start at once, lifetimes of %d min".formatted(this.replicas, lifetime.toMinutes()),
				List.of(simulated("no store, no jitter", lifetime, local.withoutJitter()),
						simulated("no store, jitter", lifetime, local),
						simulated("store, no jitter", lifetime, local.withoutJitter().sharing()),
						simulated("store, jitter", lifetime, local.sharing())),
				0, STEADY);
	}

	private Comparison incident(Incident incident) {
		Duration lifetime = Duration.ofMinutes(5);
		Scenario local = Scenario.coldStart(this.replicas, lifetime, Duration.ofMinutes(30), 3)
			.startingOver(lifetime)
			.calling(Duration.ofSeconds(5))
			.with(incident, Duration.ofMinutes(10), Duration.ofMinutes(10));
		String title = switch (incident) {
			case DEPLOYMENT -> "each is replaced within 10 min";
			case ISSUER_AWAY -> "the issuer fails for 10 min";
			case STORE_AWAY -> "the store does not answer for 10 min";
			case NONE -> throw new IllegalArgumentException("Nothing happens");
		};
		return new Comparison("%,d replicas, lifetimes of 5 min: %s".formatted(this.replicas, title),
				List.of(simulated("no store", incident, local), simulated("store", incident, local.sharing())), 0,
				INCIDENT);
	}

	private Entrant simulated(String title, Object what, Scenario scenario) {
		return new Entrant(title, () -> {
			Course course = Fleet.simulate(scenario);
			this.drawn.put(title + what, course);
			return course.metrics();
		});
	}

	@Override
	public String title() {
		return "A fleet of 10,000 replicas";
	}

	@Override
	public String explanation() {
		return ("Each replica is a token manager as an application has it; what is modelled is said on the page. The first"
				+ " tables are of a fleet that ran on this machine and of the same one simulated, which may differ by"
				+ " %.0f %% in requests and %.0f %% in steps. The others are simulated; each ratio is to the first row.")
			.formatted(100 * TOLERANCES.getOrDefault(Course.PER_LIFETIME, 0.0),
					100 * TOLERANCES.getOrDefault(Course.STEPS, 0.0));
	}

	@Override
	public int rounds() {
		return 1;
	}

	@Override
	public List<Comparison> comparisons() {
		return this.comparisons;
	}

	@Override
	public void finish() throws IOException {
		draw();
		for (Comparison agreement : this.agreements) {
			if (isBusy(agreement)) {
				continue;
			}
			TOLERANCES.forEach((metric, tolerance) -> agree(agreement, metric, tolerance));
		}
	}

	/**
	 * A brief run shares the machine with others.
	 */
	private boolean isBusy(Comparison agreement) {
		double late = agreement.medians(Course.LATE).getOrDefault(MEASURED, Double.NaN);
		boolean busy = late > LATENESS * this.shortLifetime.toMillis();
		if (busy) {
			String complaint = "%s: the machine is too busy to say whether they agree, its timers are %.0f ms late"
				.formatted(agreement.title(), late);
			Check.that(this.settings.brief(), "%s", complaint);
			System.err.println(complaint);
		}
		return busy;
	}

	private static void agree(Comparison agreement, String metric, double tolerance) {
		Map<String, Double> medians = agreement.medians(metric);
		double measured = medians.getOrDefault(MEASURED, Double.NaN);
		double simulated = medians.getOrDefault(SIMULATED, Double.NaN);
		Check.that(Math.abs(simulated - measured) <= tolerance * measured,
				"%s: %s is %.2f measured and %.2f simulated, which is more than %.0f %% apart", agreement.title(),
				metric, measured, simulated, 100 * tolerance);
	}

	private void draw() throws IOException {
		Duration lifetime = Duration.ofMinutes(5);
		Growth.draw(this.settings.plots().resolve("scale.svg"),
				"%,d replicas that start at once, tokens of 5 min".formatted(this.replicas),
				requests("Requests to the issuer per second, no store", lifetime, "no store, no jitter",
						"no store, jitter"),
				requests("Requests to the issuer per second, shared store", lifetime, "store, no jitter",
						"store, jitter"),
				steps("Steps of the store per second", lifetime, "store, no jitter", "store, jitter"));
		Growth.draw(this.settings.plots().resolve("scale-incidents.svg"),
				"%,d replicas, tokens of 5 min, from minute 10 to minute 20".formatted(this.replicas),
				requests("Requests to the issuer per second: each is replaced", Incident.DEPLOYMENT, "no store",
						"store"),
				requests("Requests to the issuer per second: the issuer fails", Incident.ISSUER_AWAY, "no store",
						"store"),
				requests("Requests to the issuer per second: the store is away", Incident.STORE_AWAY, "no store",
						"store"));
	}

	private Chart.Panel requests(String title, Object what, String... rows) {
		return panel(title, what, Course::requests, rows);
	}

	private Chart.Panel steps(String title, Object what, String... rows) {
		return panel(title, what, Course::steps, rows);
	}

	/**
	 * The last row is the one to look at.
	 */
	private Chart.Panel panel(String title, Object what, Function<Course, Series> series, String... rows) {
		List<Chart.Line> lines = new ArrayList<>();
		for (String row : rows) {
			Course course = this.drawn.get(row + what);
			if (course != null) {
				lines.add(new Chart.Line(row, row.equals(rows[rows.length - 1]), series.apply(course).points(POINT)));
			}
		}
		return new Chart.Panel("minutes", title, Chart.Scale.LINEAR, lines);
	}

}
