package io.github.evertoken.benchmarks.hotpath;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Jmh;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * Table A.
 */
public final class HotPathTable implements Table {

	private static final List<Column> COLUMNS = List.of(Column.spread("CPU ns/call", Jmh.CPU, 0),
			Column.ratio("to the floor", Jmh.CPU), Column.median("wall ns/call", Jmh.TIME, 0),
			Column.median("B/call", Jmh.BYTES, 0));

	private final Settings settings;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public HotPathTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "A. The hot path";
	}

	@Override
	public String explanation() {
		return "A warm token of 1,000 characters, a request with 3 headers, no network, each call subscribed to its end."
				+ " Judge by the processor time: it does not grow when the machine is busy."
				+ " Ratios are medians of the ratios within a round, with the smallest and the largest.";
	}

	@Override
	public int rounds() {
		return 5;
	}

	@Override
	public List<Comparison> comparisons() {
		List<Comparison> comparisons = new ArrayList<>();
		for (int threads = 1; threads <= 2; threads++) {
			String suffix = (threads == 1) ? ", 1 thread" : ", 2 threads";
			comparisons.add(comparison("A1. The filter alone" + suffix, "filterAlone", threads));
			comparisons.add(comparison("A2. The headers really written" + suffix, "headersWritten", threads));
			comparisons.add(comparison("A3. A whole `WebClient` call" + suffix, "wholeWebClient", threads));
		}
		return comparisons;
	}

	private Comparison comparison(String title, String method, int threads) {
		List<Entrant> entrants = Contender.compared()
			.stream()
			.map((contender) -> new Entrant(contender.title(),
					() -> Jmh.run(this.settings, HotPath.class, method, contender, threads)))
			.toList();
		return new Comparison(title, entrants, Contender.FLOOR.ordinal(), COLUMNS);
	}

}
