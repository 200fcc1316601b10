package io.github.evertoken.benchmarks.rejection;

import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Jmh;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * Table F.
 */
public final class RejectionTable implements Table {

	private static final List<Column> COLUMNS = List.of(Column.spread("CPU ns/call", Jmh.CPU, 0),
			Column.difference("over two bare exchanges, ns", Jmh.CPU, 0), Column.median("B/call", Jmh.BYTES, 0),
			Column.difference("over two bare exchanges, B", Jmh.BYTES, 0));

	private final Settings settings;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public RejectionTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "F. A rejected token";
	}

	@Override
	public String explanation() {
		return "Every call is answered with 401 first and with 200 then, the headers really written each time."
				+ " Rows with a new token pay for the rejection, the token call (answered at once, on the same thread)"
				+ " and what follows from it; the others send the same token again. No peer sends a request a second"
				+ " time by itself: the words around it are its user's.";
	}

	@Override
	public int rounds() {
		return 5;
	}

	@Override
	public List<Comparison> comparisons() {
		List<Entrant> entrants = Stream.of(RejectionContender.values())
			.map((contender) -> new Entrant(contender.title(),
					() -> Jmh.run(this.settings, Rejection.class, "rejectedOnce", contender, 1)))
			.toList();
		return List.of(new Comparison("F. One call with two exchanges", entrants, 0, COLUMNS));
	}

}
