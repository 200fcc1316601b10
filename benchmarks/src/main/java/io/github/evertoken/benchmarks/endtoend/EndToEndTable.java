package io.github.evertoken.benchmarks.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.benchmarks.contender.Contender;
import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Fork;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;
import org.jspecify.annotations.Nullable;

/**
 * Table D.
 */
public final class EndToEndTable implements Table {

	private static final List<Column> COLUMNS = List.of(Column.median("requests/s", EndToEnd.RATE, 0),
			Column.ratio("to no filter", EndToEnd.RATE), Column.spread("client CPU a request, µs", EndToEnd.CPU, 1),
			Column.difference("over no filter, µs", EndToEnd.CPU, 1));

	private final Settings settings;

	private @Nullable Process server;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public EndToEndTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "D. End to end";
	}

	@Override
	public String explanation() {
		return "A `WebClient` over Reactor Netty and the loopback interface, %d requests in flight."
			.formatted(EndToEnd.IN_FLIGHT)
				+ " The server has a process of its own. CPU is that of the client's process, garbage collection and"
				+ " all. Client and server share the processors, so that only differences of 10 % and more are to be"
				+ " trusted: table A decides, D confirms.";
	}

	@Override
	public int rounds() {
		return 11;
	}

	@Override
	public List<Comparison> comparisons() {
		try {
			String port = startServer();
			List<Contender> contenders = Contender.compared();
			List<Entrant> entrants = IntStream.range(0, contenders.size())
				.mapToObj((place) -> entrant(contenders.get(place), place, port))
				.toList();
			return List.of(new Comparison("D. Throughput and CPU", entrants, Contender.NO_FILTER.ordinal(), COLUMNS));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String startServer() throws IOException {
		this.server = Fork.start(LoopbackServer.class, System.getProperty("java.class.path"), Fork.JVM_OPTIONS,
				List.of());
		BufferedReader output = this.server.inputReader();
		return output.readLine();
	}

	private Entrant entrant(Contender contender, int place, String port) {
		List<String> arguments = List.of(contender.name(), port, Integer.toString(this.settings.choose(4_000, 100)),
				Integer.toString(this.settings.choose(5_000, 300)));
		return new Entrant(contender.title(),
				this.settings.measuring(EndToEnd.class, place, Fork.JVM_OPTIONS, arguments));
	}

	@Override
	public void close() {
		if (this.server != null) {
			this.server.destroy();
		}
	}

}
