package io.github.evertoken.benchmarks.keys;

import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * The table of a client that is given up to a hundred times as many subjects as it keeps.
 */
public final class EvictionTable implements Table {

	// Far from enough memory for a million keys, and no garbage left where it is.
	private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC",
			"-XX:MarkSweepAlwaysCompactCount=1");

	private static final List<Column> COLUMNS = List.of(Column.spread("keys kept", Eviction.KEPT, 0),
			Column.spread("heap, MiB", Eviction.MEBIBYTES, 2), Column.spread("B/kept key", Eviction.BYTES, 0));

	private final List<Comparison> comparisons;

	/**
	 * Create the table. A brief run has as many subjects: with fewer, what the JVM does
	 * meanwhile would outweigh them.
	 * @param settings how the run is made
	 */
	public EvictionTable(Settings settings) {
		int maximum = 10_000;
		List<Entrant> entrants = IntStream.of(1, 10, settings.choose(100, 10))
			.distinct()
			.mapToObj((times) -> entrant(settings, maximum, maximum * times))
			.toList();
		this.comparisons = List.of(new Comparison("At most %,d subjects".formatted(maximum), entrants, 0, COLUMNS));
	}

	/**
	 * Each has a JVM of its own, in a brief run too: the memory of others is in the way.
	 */
	private static Entrant entrant(Settings settings, int maximum, int puts) {
		return new Entrant("%,d subjects put".formatted(puts), settings.measuring(Eviction.class, 0, JVM_OPTIONS,
				List.of(Integer.toString(maximum), Integer.toString(puts))));
	}

	@Override
	public String title() {
		return "Eviction";
	}

	@Override
	public String explanation() {
		return ("One client and many subjects, each with an access token and a refresh token of its own. Bytes are those"
				+ " of the heap after a full collection, beside the %d characters of each of the two tokens and with the"
				+ " subject's name; keys are counted on the heap as well. That callers who wait for a flight lose nothing"
				+ " by the eviction of its key is shown by"
				+ " `SubjectKeysTests#tokenWhenKeyWasEvictedDuringItsFlightThenJoinsTheFlight`.")
			.formatted(Keys.TOKEN_LENGTH);
	}

	@Override
	public int rounds() {
		return 3;
	}

	@Override
	public List<Comparison> comparisons() {
		return this.comparisons;
	}

}
