package io.github.evertoken.benchmarks.renewal;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Fork;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * Table C.
 */
public final class RenewalTable implements Table {

	private static final List<Column> COLUMNS = List.of(Column.median("p50, ms", "p50", 2),
			Column.median("p99, ms", "p99", 2), Column.median("p99.9, ms", "p99.9", 2),
			Column.spread("max, ms", "max", 1), Column.median("slower than " + Renewal.SLOW + " ms, %", "slow", 2),
			Column.median("expired tokens sent", "expired", 0), Column.median("token calls", "tokenCalls", 0));

	private final Settings settings;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public RenewalTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "C. Renewal under load";
	}

	@Override
	public String explanation() {
		return "%,d calls a second for %d s, started at their times whether or not earlier ones have ended, and measured"
			.formatted(Renewal.RATE, seconds())
				+ " from there; the resource server takes 1 ms, the token call %d ms."
					.formatted(Renewal.TOKEN_CALL.toMillis())
				+ " Tokens live %d s, and 40 s where the row says so: azure-core refreshes a token that still works"
					.formatted(lifetime())
				+ " every 30 s at most, so that shorter tokens always expire on it.";
	}

	@Override
	public int rounds() {
		return 3;
	}

	private int seconds() {
		return this.settings.choose(30, 1);
	}

	private int lifetime() {
		return this.settings.choose(2, 1);
	}

	@Override
	public List<Comparison> comparisons() {
		List<Entrant> entrants = new ArrayList<>();
		for (Contender contender : Contender.compared()) {
			// The floor does here what the view does.
			if (contender != Contender.FLOOR) {
				entrants.add(entrant(contender, entrants.size(), lifetime(), ""));
			}
		}
		if (!this.settings.brief()) {
			entrants.add(entrant(Contender.EVERTOKEN, entrants.size(), 40, ", tokens of 40 s"));
			entrants.add(entrant(Contender.AZURE_CORE, entrants.size(), 40, ", tokens of 40 s"));
		}
		return List.of(new Comparison("C. Latency", entrants, 0, COLUMNS));
	}

	private Entrant entrant(Contender contender, int place, int lifetime, String suffix) {
		List<String> arguments = List.of(contender.name(), Integer.toString(lifetime),
				Integer.toString(this.settings.choose(2_000, 200)), Integer.toString(seconds()));
		return new Entrant(contender.title() + suffix,
				this.settings.measuring(Renewal.class, place, Fork.JVM_OPTIONS, arguments));
	}

}
