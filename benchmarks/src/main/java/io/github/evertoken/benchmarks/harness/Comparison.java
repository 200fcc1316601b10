package io.github.evertoken.benchmarks.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Entrants who are measured under the same conditions. They take turns, and each round
 * begins with another one, so that a machine that is slow for a while is slow for all.
 */
public final class Comparison {

	private final String title;

	private final Entrant reference;

	private final List<Column> columns;

	private final Map<Entrant, Results> results = new LinkedHashMap<>();

	/**
	 * Create a comparison.
	 * @param title what is compared
	 * @param entrants the rows
	 * @param reference the place among the rows of the one that ratios and differences
	 * refer to
	 * @param columns the columns
	 */
	public Comparison(String title, List<Entrant> entrants, int reference, List<Column> columns) {
		this.title = title;
		this.reference = entrants.get(reference);
		this.columns = columns;
		entrants.forEach((entrant) -> this.results.put(entrant, new Results()));
	}

	/**
	 * Let every entrant measure once.
	 * @param round the number of the round, from 0
	 * @param progress is told
	 * @throws Exception if one cannot be measured or does wrong work
	 */
	void run(int round, Progress progress) throws Exception {
		List<Entrant> entrants = new ArrayList<>(this.results.keySet());
		for (int i = 0; i < entrants.size(); i++) {
			Entrant entrant = entrants.get((i + round) % entrants.size());
			System.err.printf("round %d, %s: %s%n", round + 1, this.title, entrant.title());
			progress.begins(this.title + ", " + entrant.title());
			try {
				results(entrant).add(entrant.measuring().measure());
			}
			catch (Exception ex) {
				throw new IllegalStateException(this.title + ", " + entrant.title(), ex);
			}
			progress.ends();
		}
	}

	/**
	 * Return what is compared.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	int entrants() {
		return this.results.size();
	}

	private Results results(Entrant entrant) {
		return this.results.getOrDefault(entrant, new Results());
	}

	/**
	 * Return the rows' medians of a metric.
	 * @param metric the metric
	 * @return the median over the rounds so far by the row's title
	 */
	public Map<String, Double> medians(String metric) {
		Map<String, Double> medians = new LinkedHashMap<>();
		this.results.forEach((entrant, own) -> medians.put(entrant.title(), Statistics.of(own.of(metric)).median()));
		return medians;
	}

	String markdown() {
		StringBuilder markdown = new StringBuilder("**" + this.title + "**\n\n| contender |");
		this.columns.forEach((column) -> markdown.append(' ').append(column.heading()).append(" |"));
		markdown.append("\n|---|").append("---:|".repeat(this.columns.size())).append('\n');
		this.results.forEach((entrant, own) -> {
			markdown.append("| ").append(entrant.title()).append(" |");
			this.columns.forEach(
					(column) -> markdown.append(' ').append(column.cell(own, results(this.reference))).append(" |"));
			markdown.append('\n');
		});
		return markdown.toString();
	}

	Map<String, Object> json() {
		List<Map<String, Object>> rows = new ArrayList<>();
		this.results.forEach((entrant, own) -> {
			Map<String, Object> cells = new LinkedHashMap<>();
			this.columns.forEach((column) -> {
				List<Double> values = column.values(own, results(this.reference));
				if (!values.isEmpty()) {
					cells.put(column.heading(), Statistics.of(values));
				}
			});
			rows.add(Map.of("contender", entrant.title(), "columns", cells, "rounds", own.rounds()));
		});
		return Map.of("title", this.title, "reference", this.reference.title(), "rows", rows);
	}

}
