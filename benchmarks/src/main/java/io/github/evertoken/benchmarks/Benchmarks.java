package io.github.evertoken.benchmarks;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.evertoken.benchmarks.endtoend.EndToEndTable;
import io.github.evertoken.benchmarks.events.EventsTable;
import io.github.evertoken.benchmarks.fleet.ScaleTable;
import io.github.evertoken.benchmarks.harness.Run;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;
import io.github.evertoken.benchmarks.hotpath.HotPathTable;
import io.github.evertoken.benchmarks.hotpath.MetricsTable;
import io.github.evertoken.benchmarks.keys.EvictionTable;
import io.github.evertoken.benchmarks.keys.KeysTable;
import io.github.evertoken.benchmarks.redis.RedisTable;
import io.github.evertoken.benchmarks.rejection.RejectionTable;
import io.github.evertoken.benchmarks.renewal.RenewalTable;
import io.github.evertoken.benchmarks.stampede.CallersTable;
import io.github.evertoken.benchmarks.stampede.StampedeTable;
import io.github.evertoken.benchmarks.startup.StartupTable;

/**
 * Makes the tables and plots of {@code docs/performance.md} and {@code docs/scale.md}.
 */
public final class Benchmarks {

	private static final Map<String, Function<Settings, Table>> TABLES = new LinkedHashMap<>();

	static {
		TABLES.put("A", HotPathTable::new);
		TABLES.put("metrics", MetricsTable::new);
		TABLES.put("B", StampedeTable::new);
		TABLES.put("C", RenewalTable::new);
		TABLES.put("D", EndToEndTable::new);
		TABLES.put("E", KeysTable::table);
		TABLES.put("F", RejectionTable::new);
		TABLES.put("eviction", EvictionTable::new);
		TABLES.put("startup", StartupTable::new);
		TABLES.put("events", EventsTable::new);
		TABLES.put("redis", RedisTable::new);
		TABLES.put("callers", CallersTable::new);
		TABLES.put("keys", KeysTable::plot);
		TABLES.put("scale", ScaleTable::new);
	}

	private Benchmarks() {
	}

	/**
	 * Make tables.
	 * @param arguments names of tables with commas between, or {@code all}; {@code full}
	 * or {@code short}; the number of rounds, 0 for as many as each table wants; the
	 * directory of results; the directory of plots
	 * @throws Exception if a contender cannot be measured or does wrong work
	 */
	public static void main(String[] arguments) throws Exception {
		boolean brief = oneOf(arguments[1], List.of("full", "short")).equals("short");
		Path output = Path.of(arguments[3]);
		Settings settings = new Settings(brief, Integer.parseInt(arguments[2]), output,
				brief ? output : Path.of(arguments[4]));
		Run run = new Run(settings);
		for (String name : wanted(arguments[0])) {
			try (Table table = Objects.requireNonNull(TABLES.get(name)).apply(settings)) {
				run.make(name, table);
			}
		}
		System.exit(0);
	}

	private static Collection<String> wanted(String tables) {
		return tables.equals("all") ? TABLES.keySet()
				: Stream.of(tables.split(",")).map((name) -> oneOf(name, TABLES.keySet())).toList();
	}

	private static String oneOf(String argument, Collection<String> known) {
		if (!known.contains(argument)) {
			throw new IllegalArgumentException("'" + argument + "' is none of " + known);
		}
		return argument;
	}

}
