package io.github.evertoken.benchmarks.stampede;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.benchmarks.chart.Growth;
import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * Growth against concurrent callers, as a table and as a plot.
 */
public final class CallersTable implements Table {

	private static final List<Contender> CONTENDERS = List.of(Contender.FLOOR, Contender.VIEW, Contender.EVERTOKEN,
			Contender.BLOG_IDIOM, Contender.CAFFEINE, Contender.AZURE_CORE, Contender.SPRING_SECURITY);

	private static final List<Column> COLUMNS = List.of(Column.median("B/caller", Gathering.BYTES, 0),
			Column.spread("ns/caller", Gathering.TIME, 0));

	// A hundred thousand waiters in copied arrays are much garbage.
	private static final List<String> JVM_OPTIONS = List.of("-Xms3g", "-Xmx3g", "-XX:+UseG1GC");

	private final Settings settings;

	private final Growth growth = new Growth();

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public CallersTable(Settings settings) {
		this.settings = settings;
		for (int size = 1; size <= settings.choose(100_000, 100); size *= 10) {
			this.growth.add(size, comparison(size));
		}
	}

	private Comparison comparison(int size) {
		List<Entrant> entrants = IntStream.range(0, CONTENDERS.size())
			.mapToObj((place) -> entrant(CONTENDERS.get(place), place, size))
			.toList();
		return new Comparison("%,d concurrent %s".formatted(size, (size == 1) ? "caller" : "callers"), entrants, 0,
				COLUMNS);
	}

	private Entrant entrant(Contender contender, int place, int size) {
		// One fork shows that forks work.
		int kept = (size == 1) ? place : place + 1;
		List<String> arguments = List.of(contender.name(), Integer.toString(size),
				Integer.toString(this.settings.choose(20_000, 1_000)),
				Integer.toString(this.settings.choose(2_000, 10)));
		return new Entrant(contender.title(), this.settings.measuring(Gathering.class, kept, JVM_OPTIONS, arguments));
	}

	@Override
	public String title() {
		return "Growth with concurrent callers";
	}

	@Override
	public String explanation() {
		return "Callers who find no token and wait for the same token call, which ends when all are there. What each"
				+ " costs: the bytes of all threads, and the time to let it in and to answer it. The token call's own"
				+ " time is not counted.";
	}

	@Override
	public int rounds() {
		return 3;
	}

	@Override
	public List<Comparison> comparisons() {
		return this.growth.comparisons();
	}

	@Override
	public void finish() throws IOException {
		Growth.draw(this.settings.plots().resolve("performance-callers.svg"),
				"Waiting for a token: what one caller costs",
				this.growth.panel("concurrent callers", "Bytes allocated per caller", Gathering.BYTES),
				this.growth.panel("concurrent callers", "Nanoseconds per caller", Gathering.TIME));
	}

}
