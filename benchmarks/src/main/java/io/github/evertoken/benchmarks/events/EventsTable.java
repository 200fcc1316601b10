package io.github.evertoken.benchmarks.events;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.benchmarks.harness.Column;
import io.github.evertoken.benchmarks.harness.Comparison;
import io.github.evertoken.benchmarks.harness.Entrant;
import io.github.evertoken.benchmarks.harness.Fork;
import io.github.evertoken.benchmarks.harness.Settings;
import io.github.evertoken.benchmarks.harness.Table;

import org.springframework.boot.WebApplicationType;

/**
 * How soon a browser hears of what happens, on WebFlux and on servlets.
 */
public final class EventsTable implements Table {

	private static final List<Column> COLUMNS = Stream.of(Events.PUT, Events.RENEWAL)
		.flatMap((what) -> Stream.of(Column.median(what + ": p50, ms", what + " p50", 2),
				Column.median("p99, ms", what + " p99", 2), Column.spread("max, ms", what + " max", 1),
				Column.median("later than " + Events.SOON_MILLIS + " ms", what + " late", 0)))
		.toList();

	private final Settings settings;

	/**
	 * Create the table.
	 * @param settings how the run is made
	 */
	public EventsTable(Settings settings) {
		this.settings = settings;
	}

	@Override
	public String title() {
		return "Events";
	}

	@Override
	public String explanation() {
		return "An application with the starter, the actuator and `evertoken-dashboard`, and a browser that looks at"
				+ " `/actuator/evertoken/events` over the loopback interface as server-sent events. A token set is put,"
				+ " and a token is renewed, %,d times each; measured is the time from before the call until the first"
					.formatted(times())
				+ " event of it has been read.";
	}

	@Override
	public int rounds() {
		return 5;
	}

	private int times() {
		return this.settings.choose(1_000, 20);
	}

	@Override
	public List<Comparison> comparisons() {
		List<Entrant> entrants = new ArrayList<>();
		entrants.add(entrant("WebFlux, Reactor Netty", WebApplicationType.REACTIVE, 0));
		entrants.add(entrant("servlet, Tomcat", WebApplicationType.SERVLET, 1));
		return List.of(new Comparison("From its happening to the browser", entrants, 0, COLUMNS));
	}

	private Entrant entrant(String title, WebApplicationType stack, int place) {
		List<String> arguments = List.of(stack.name(), Integer.toString(times()),
				Integer.toString(this.settings.choose(500, 1)));
		return new Entrant(title, this.settings.measuring(Events.class, place, Fork.JVM_OPTIONS, arguments));
	}

}
