package io.github.evertoken.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one entrant measured in each round.
 */
final class Results {

	private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

	void add(Map<String, Double> metrics) {
		metrics.forEach((metric, value) -> this.rounds.computeIfAbsent(metric, (key) -> new ArrayList<>()).add(value));
	}

	/**
	 * Return the values of a metric, round by round; none if it was never measured.
	 */
	List<Double> of(String metric) {
		return this.rounds.getOrDefault(metric, List.of());
	}

	Map<String, List<Double>> rounds() {
		return this.rounds;
	}

}
