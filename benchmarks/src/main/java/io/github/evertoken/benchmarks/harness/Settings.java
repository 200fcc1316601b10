package io.github.evertoken.benchmarks.harness;

import java.nio.file.Path;
import java.util.List;

/**
 * How a run is made.
 *
 * @param brief whether it only shows that everything works, and its figures mean nothing
 * @param rounds how many rounds there are, 0 for as many as each table wants
 * @param output where results go
 * @param plots where plots go
 */
public record Settings(boolean brief, int rounds, Path output, Path plots) {

	/**
	 * Choose a quantity.
	 * @param full what a full run needs
	 * @param brief what is enough to show that it works
	 * @return one of the two
	 */
	public int choose(int full, int brief) {
		return this.brief ? brief : full;
	}

	int roundsOf(Table table) {
		return (this.rounds > 0) ? this.rounds : choose(table.rounds(), 1);
	}

	/**
	 * Measure in a JVM of its own. A brief run does so with the first of its entrants
	 * only, which shows that it works, and saves the start of all the others.
	 * @param type what measures
	 * @param place the entrant's place, from 0
	 * @param jvmOptions the options of the JVM
	 * @param arguments what is to be measured, and how
	 * @return what measures an entrant
	 */
	public Entrant.Measuring measuring(Class<? extends Measurement> type, int place, List<String> jvmOptions,
			List<String> arguments) {
		if (this.brief && place > 0) {
			return () -> type.getDeclaredConstructor().newInstance().measure(arguments);
		}
		return () -> Fork.measure(type, jvmOptions, arguments);
	}

}
