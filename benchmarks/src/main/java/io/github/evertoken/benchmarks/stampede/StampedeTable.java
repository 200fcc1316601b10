package io.github.evertoken.benchmarks.stampede;

import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Fork;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * Table B.
 */
public final class StampedeTable implements Table {

	private static final List<Column> COLUMNS = List.of(Column.median("token calls", Stampede.TOKEN_CALLS, 0),
			Column.spread("last caller done after, ms", Stampede.LAST, 1), Column.median("B/caller", Stampede.BYTES, 0),
			Column.difference("over no filter, B/caller", Stampede.BYTES, 0));

	private final Settings settings;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public StampedeTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "B. A stampede";
	}

	@Override
	public String explanation() {
		return "%,d callers arrive at once and there is no usable token; the token call takes %d ms.".formatted(size(),
				Stampede.TOKEN_CALL.toMillis())
				+ " Bytes are what all threads allocate, the callers' own requests and responses not included."
				+ " Each contender has a JVM of its own, warmed up with crowds of the same size.";
	}

	@Override
	public int rounds() {
		return 5;
	}

	private int size() {
		return this.settings.choose(10_000, 1_000);
	}

	@Override
	public List<Comparison> comparisons() {
		return List.of(comparison("B1. Cold", false), comparison("B2. Just expired", true));
	}

	private Comparison comparison(String title, boolean expired) {
		List<Contender> contenders = Contender.compared();
		List<Entrant> entrants = IntStream.range(0, contenders.size())
			.mapToObj((place) -> entrant(contenders.get(place), place, expired))
			.toList();
		return new Comparison(title, entrants, Contender.NO_FILTER.ordinal(), COLUMNS);
	}

	private Entrant entrant(Contender contender, int place, boolean expired) {
		List<String> arguments = List.of(contender.name(), Integer.toString(size()),
				Integer.toString(this.settings.choose(10, 1)), Boolean.toString(expired));
		return new Entrant(contender.title(),
				this.settings.measuring(Stampede.class, place, Fork.JVM_OPTIONS, arguments));
	}

}
