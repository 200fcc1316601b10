package io.github.evertoken.benchmarks.keys;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.benchmarks.chart.Growth;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * Table E, and the plot of the same growth in finer steps.
 */
public final class KeysTable implements Table {

	// This collector leaves no doubt about what is used, and no garbage where it is.
	private static final List<String> JVM_OPTIONS = List.of("-Xmx3g", "-XX:+UseSerialGC",
			"-XX:MarkSweepAlwaysCompactCount=1");

	private static final List<Column> COLUMNS = List.of(Column.spread("B/key", Keys.BYTES, 0),
			Column.spread("ns/look-up", Keys.TIME, 0));

	private final Settings settings;

	private final boolean plot;

	private final Growth growth = new Growth();

	private KeysTable(Settings settings, int step, boolean plot) {
		this.settings = settings;
		this.plot = plot;
		for (int keys = 1; keys <= settings.choose(1_000_000, step); keys *= step) {
			this.growth.add(keys, comparison(keys));
		}
	}

	/**
	 * Create table E.
	 * @param settings how the run is made
	 * @return the table
	 */
	public static KeysTable table(Settings settings) {
		return new KeysTable(settings, 1_000, false);
	}

	/**
	 * Create the plot.
	 * @param settings how the run is made
	 * @return the table that is plotted
	 */
	public static KeysTable plot(Settings settings) {
		return new KeysTable(settings, 10, true);
	}

	private Comparison comparison(int keys) {
		List<KeyHolder.Kind> kinds = List.of(KeyHolder.Kind.values());
		List<Entrant> entrants = IntStream.range(0, kinds.size())
			.mapToObj((place) -> entrant(kinds.get(place), place, keys))
			.toList();
		return new Comparison("%,d %s".formatted(keys, (keys == 1) ? "key" : "keys"), entrants, 0, COLUMNS);
	}

	private Entrant entrant(KeyHolder.Kind kind, int place, int keys) {
		// One fork shows that forks work.
		int kept = (keys == 1) ? place : place + 1;
		List<String> arguments = List.of(kind.name(), Integer.toString(keys),
				Integer.toString(this.settings.choose(100_000, 1_000)),
				Integer.toString(this.settings.choose(1_500, 20)));
		return new Entrant(kind.title(), this.settings.measuring(Keys.class, kept, JVM_OPTIONS, arguments));
	}

	@Override
	public String title() {
		return this.plot ? "Growth with keys" : "E. Many keys";
	}

	@Override
	public String explanation() {
		return "One client and many subjects, with a token each. Bytes are those of the heap beside the subject's name"
				+ " and the %d characters of the token; for one key they are those of everything around it."
					.formatted(Keys.TOKEN_LENGTH)
				+ " A look-up goes from the two names to a token that is known to be usable, on one thread and in"
				+ " random order. The map and Spring Security's service are unbounded and never forget an expired"
				+ " token.";
	}

	@Override
	public int rounds() {
		return this.plot ? 3 : 5;
	}

	@Override
	public List<Comparison> comparisons() {
		return this.growth.comparisons();
	}

	@Override
	public void finish() throws IOException {
		if (this.plot) {
			Growth.draw(this.settings.plots().resolve("performance-keys.svg"), "Many keys: what one costs",
					this.growth.panel("keys", "Nanoseconds per look-up", Keys.TIME),
					this.growth.panel("keys", "Bytes held per key, beside the token's characters", Keys.BYTES));
		}
	}

}
