package io.github.evertoken.benchmarks.harness;

import java.util.Map;

/**
 * One row of a table.
 *
 * @param title what stands in front of it, in Markdown
 * @param measuring measures it once
 */
public record Entrant(String title, Measuring measuring) {

	/**
	 * Measures one entrant in one round.
	 */
	@FunctionalInterface
	public interface Measuring {

		/**
		 * Measure.
		 * @return the value of each metric
		 * @throws Exception if it cannot be measured or the entrant does wrong work
		 */
		Map<String, Double> measure() throws Exception;

	}

}
