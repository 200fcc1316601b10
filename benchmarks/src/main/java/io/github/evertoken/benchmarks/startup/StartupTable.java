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
 * <p>
 * Both applications are alike but for the starter: Spring Boot with
 * {@code spring-boot-starter-webclient}, an ordinary configuration of its HTTP clients,
 * and one bean that builds a {@code WebClient} over Reactor Netty, as every user of the
 * starter has one. The other application has, on top, the starter with what it brings
 * along, and one client. No request is sent, and no token is asked for. The properties of
 * the client are there in both, where the first has nobody who reads them.
 * <p>
 * What counts is the CPU time of the whole process, the compiler's and the collector's
 * threads included, from the start of the JVM until the application is ready: unlike the
 * time by the clock, it depends little on what else runs on the machine. The system
 * counts it in steps of 10 ms. The number of loaded classes does not depend on the
 * machine at all, and is what most of that time goes into.
 */
public final class StartupTable implements Table {

	private static final List<Column> COLUMNS = List.of(Column.spread("ready after, ms", StartupApplication.READY, 0),
			Column.difference("added, ms", StartupApplication.READY, 0),
			Column.spread("CPU of the process, ms", StartupApplication.CPU, 0),
			Column.difference("added, CPU ms", StartupApplication.CPU, 0),
			Column.median("classes loaded", StartupApplication.CLASSES, 0),
			Column.difference("added, classes", StartupApplication.CLASSES, 0),
			Column.median("threads", StartupApplication.THREADS, 0));

	private static final String CLIENT = "--evertoken.clients.inventory.";

	private static final List<String> PROPERTIES = List.of("--spring.application.name=orders",
			"--spring.http.clients.connect-timeout=2s", "--spring.http.clients.read-timeout=5s",
			CLIENT + "base-url=https://inventory.internal/api", CLIENT + "token-uri=https://idp.internal/token",
			CLIENT + "client-id=orders", CLIENT + "client-secret=not-used", CLIENT + "scope=inventory.read");

	private static final Pattern EVERTOKEN = Pattern
		.compile(".*[/\\\\]((evertoken-core|evertoken-spring-boot|caffeine|nimbus-jose-jwt)-[^/\\\\]*\\.jar"
				+ "|(core|autoconfigure|starter)[/\\\\]target.*)");

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
		return "A Spring Boot application with a `WebClient` bean over Reactor Netty and time-outs for its HTTP clients,"
				+ " without the starter, and the same with the starter, what it brings along and one client; no request is"
				+ " sent. Each start is in a JVM of its own and ends when the application is ready. CPU is that of the"
				+ " whole process, compiler and collector included, in steps of 10 ms; what is added is the median of the"
				+ " rounds' differences. Threads are those of the application, not of the JVM.";
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
