package io.github.evertoken.benchmarks.startup;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
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
			Column.difference("added, ms", StartupApplication.CPU, 0),
			Column.spread("CPU of the starting thread, ms", StartupApplication.THREAD_CPU, 0),
			Column.difference("added, ms", StartupApplication.THREAD_CPU, 0),
			Column.median("classes loaded", StartupApplication.CLASSES, 0),
			Column.difference("added", StartupApplication.CLASSES, 0),
			Column.median("threads", StartupApplication.THREADS, 0));

	private static final List<String> JVM_OPTIONS = List.of("-Xshare:auto");

	private static final String CLIENT = "--evertoken.clients.inventory.";

	private static final List<String> PROPERTIES = List.of("--spring.application.name=orders",
			"--spring.http.clients.connect-timeout=2s", "--spring.http.clients.read-timeout=5s",
			CLIENT + "base-url=https://inventory.internal/api", CLIENT + "token-uri=https://idp.internal/token",
			CLIENT + "client-id=orders", CLIENT + "client-secret=not-used", CLIENT + "scope=inventory.read");

	private static final Pattern EVERTOKEN = Pattern
		.compile(".*[/\\\\]((evertoken-core|evertoken-spring-boot|caffeine|nimbus-jose-jwt)-[^/\\\\]*\\.jar"
				+ "|(core|autoconfigure|starter)[/\\\\]target.*)");

	/**
	 * What other tables need, and neither application has.
	 */
	private static final Pattern SERVERS = Pattern.compile(
			".*[/\\\\]((evertoken-(dashboard|redis)|spring-boot-(starter-)?(actuator|webflux|webmvc|web-server|servlet|tomcat|reactor-netty)"
					+ "|spring-webmvc|tomcat|micrometer-core|LatencyUtils|spring-(data-|oxm|tx)|lettuce-core|embedded-redis)[^/\\\\]*\\.jar"
					+ "|(dashboard|redis)[/\\\\]target.*)");

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
				+ " sent. Each start is in a JVM of its own and ends when the application is ready. The CPU of the process"
				+ " has the compiler's and the collector's in it, and comes in steps of 10 ms; that of the starting thread"
				+ " is what the start really waits for. What is added is the median of the rounds' differences. Threads"
				+ " are those of the application, not of the JVM. The second table has the classes of the start in an"
				+ " archive, which the JVM maps into memory (`-XX:ArchiveClassesAtExit`, in both rows).";
	}

	@Override
	public int rounds() {
		return 10;
	}

	@Override
	public List<Comparison> comparisons() {
		String with = without(SERVERS, System.getProperty("java.class.path"));
		String without = without(EVERTOKEN, with);
		Check.that(!without.equals(with), "the starter is not on the class path");
		return List.of(comparison("Startup", () -> start(without, JVM_OPTIONS, 0), () -> start(with, JVM_OPTIONS, 1)),
				comparison("Startup with an archive of the classes", archived(without, 0), archived(with, 1)));
	}

	private static String without(Pattern left, String classPath) {
		return Stream.of(classPath.split(Pattern.quote(File.pathSeparator)))
			.filter((entry) -> !left.matcher(entry).matches())
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static Comparison comparison(String title, Entrant.Measuring without, Entrant.Measuring with) {
		return new Comparison(title, List.of(new Entrant("without the starter", without),
				new Entrant("with the **Evertoken** starter", with)), 0, COLUMNS);
	}

	/**
	 * The archive is made before the first start that is measured.
	 */
	private static Entrant.Measuring archived(String classPath, int filters) {
		AtomicReference<ClassArchive> made = new AtomicReference<>();
		return () -> {
			ClassArchive archive = made.get();
			if (archive == null) {
				archive = ClassArchive.of(StartupApplication.class, classPath, PROPERTIES);
				made.set(archive);
			}
			return start(archive.classPath(), archive.jvmOptions(), filters);
		};
	}

	private static Map<String, Double> start(String classPath, List<String> jvmOptions, int filters) throws Exception {
		Map<String, Double> metrics = Fork.run(StartupApplication.class, classPath, jvmOptions, PROPERTIES);
		double mounted = metrics.getOrDefault(StartupApplication.FILTERS, Double.NaN);
		Check.that(mounted == filters, "the `WebClient` has %.0f filters instead of %d", mounted, filters);
		return metrics;
	}

}
