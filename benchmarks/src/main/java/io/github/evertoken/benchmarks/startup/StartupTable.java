package io.github.evertoken.benchmarks.startup;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Fork;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

/**
 * What the starter adds to the start of an application.
 */
public final class StartupTable implements Table {

	private static final List<Column> COLUMNS = List.of(Column.spread("ready after, ms", StartupApplication.READY, 0),
			Column.difference("added, ms", StartupApplication.READY, 0),
			Column.spread("CPU of the process, ms", StartupApplication.CPU, 0),
			Column.difference("added, CPU ms", StartupApplication.CPU, 0),
			Column.median("threads", StartupApplication.THREADS, 0));

	private static final String CLIENT = "--evertoken.clients.inventory.";

	private static final List<String> PROPERTIES = List.of(CLIENT + "base-url=https://inventory.internal/api",
			CLIENT + "token-uri=https://idp.internal/token", CLIENT + "client-id=orders",
			CLIENT + "client-secret=not-used", CLIENT + "scope=inventory.read");

	private static final Pattern EVERTOKEN = Pattern
		.compile(".*[/\\\\](evertoken-(core|spring-boot-)[^/\\\\]*\\.jar|(core|autoconfigure|starter)[/\\\\]target.*)");

	/**
	 * Create the table.
	 * @param settings how the run is made, which makes no difference here
	 */
	public StartupTable(Settings settings) {
	}

	@Override
	public String title() {
		return "Startup";
	}

	@Override
	public String explanation() {
		return "A Spring Boot application with a `WebClient`, without the starter and with the starter and one client,"
				+ " each start in a JVM of its own. Ready counts from the start of the JVM. Threads are those of the"
				+ " application, not of the JVM.";
	}

	@Override
	public int rounds() {
		return 10;
	}

	@Override
	public List<Comparison> comparisons() {
		String with = System.getProperty("java.class.path");
		String without = Stream.of(with.split(Pattern.quote(File.pathSeparator)))
			.filter((entry) -> !EVERTOKEN.matcher(entry).matches())
			.collect(Collectors.joining(File.pathSeparator));
		Check.that(!without.equals(with), "the starter is not on the class path");
		List<Entrant> entrants = List.of(new Entrant("without the starter", () -> start(without, 0)),
				new Entrant("with the **Evertoken** starter", () -> start(with, 1)));
		return List.of(new Comparison("Startup", entrants, 0, COLUMNS));
	}

	private static Map<String, Double> start(String classPath, int filters) throws Exception {
		Map<String, Double> metrics = Fork.run(StartupApplication.class, classPath, List.of("-Xshare:auto"),
				PROPERTIES);
		double mounted = metrics.getOrDefault(StartupApplication.FILTERS, Double.NaN);
		Check.that(mounted == filters, "the `WebClient` has %.0f filters instead of %d", mounted, filters);
		return metrics;
	}

}
