package io.github.evertoken.benchmarks.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.evertoken.benchmarks.harness.Comparison;

/**
 * Turns comparisons of the same entrants at several sizes into lines.
 */
public final class Growth {

	private static final String PROMINENT = "Evertoken";

	private final Map<Integer, Comparison> comparisons = new TreeMap<>();

	/**
	 * Add a comparison.
	 * @param size the size at which it is made
	 * @param comparison the comparison
	 */
	public void add(int size, Comparison comparison) {
		this.comparisons.put(size, comparison);
	}

	/**
	 * Return the comparisons.
	 * @return the comparisons, the smallest size first
	 */
	public List<Comparison> comparisons() {
		return List.copyOf(this.comparisons.values());
	}

	/**
	 * Make a panel of one metric.
	 * @param sizes what the sizes are
	 * @param title what the metric is
	 * @param metric the metric
	 * @return the panel
	 */
	public Chart.Panel panel(String sizes, String title, String metric) {
		Map<String, List<Chart.Point>> points = new LinkedHashMap<>();
		this.comparisons.forEach((size, comparison) -> comparison.medians(metric)
			.forEach((entrant, median) -> points.computeIfAbsent(entrant, (key) -> new ArrayList<>())
				.add(new Chart.Point(size, median))));
		List<Chart.Line> lines = new ArrayList<>();
		points.forEach((entrant, its) -> {
			String name = entrant.replaceAll("[*`]", "");
			lines.add(new Chart.Line(name, name.equals(PROMINENT), its));
		});
		return new Chart.Panel(sizes, title, Chart.Scale.LOGARITHMIC, lines);
	}

	/**
	 * Draw panels into a file.
	 * @param file the file
	 * @param title the title of the drawing
	 * @param panels the panels
	 * @throws IOException if it cannot be written
	 */
	public static void draw(Path file, String title, Chart.Panel... panels) throws IOException {
		Files.createDirectories(file.getParent());
		Files.writeString(file, new Chart(title, List.of(panels)).svg());
	}

}
