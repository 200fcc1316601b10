package io.github.evertoken.benchmarks.hotpath;

import java.util.List;

import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Jmh;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * A1 once more: what metrics and observations add where a token is at hand.
 */
public final class MetricsTable implements Table {

	private static final List<Contender> CONTENDERS = List.of(Contender.FLOOR, Contender.EVERTOKEN,
			Contender.EVERTOKEN_MEASURED);

	private static final List<Column> COLUMNS = List.of(Column.spread("CPU ns/call", Jmh.CPU, 0),
			Column.ratio("to that without", Jmh.CPU), Column.median("wall ns/call", Jmh.TIME, 0),
			Column.median("B/call", Jmh.BYTES, 0));

	private final Settings settings;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public MetricsTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "The hot path with metrics";
	}

	@Override
	public String explanation() {
		return "Table A1, without metrics and with them in one run: a `MeterRegistry` with all meters of the client, and"
				+ " observations of its flights, as the starter wires them where there is Micrometer.";
	}

	@Override
	public int rounds() {
		return 5;
	}

	@Override
	public List<Comparison> comparisons() {
		List<Entrant> entrants = CONTENDERS.stream()
			.map((contender) -> new Entrant(contender.title(),
					() -> Jmh.run(this.settings, HotPath.class, "filterAlone", contender, 1)))
			.toList();
		return List.of(new Comparison("A1. The filter alone, with metrics", entrants,
				CONTENDERS.indexOf(Contender.EVERTOKEN), COLUMNS));
	}

}
