package io.github.evertoken.benchmarks.chart;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * One axis of a panel.
 */
interface Axis {

	/**
	 * Return the axis on which all points of a panel have a place.
	 * @param panel the panel
	 * @param coordinate what it shows of a point
	 * @param start where it starts on the drawing
	 * @param end where it ends on the drawing
	 */
	static Axis over(Chart.Panel panel, ToDoubleFunction<Chart.Point> coordinate, double start, double end) {
		double[] values = panel.lines()
			.stream()
			.flatMap((line) -> line.points().stream())
			.mapToDouble(coordinate)
			.toArray();
		double max = DoubleStream.of(values).max().orElse(10);
		return switch (panel.scale()) {
			case LOGARITHMIC -> LogAxis.over(DoubleStream.of(values).min().orElse(1), max, start, end);
			case LINEAR -> LinearAxis.over(max, start, end);
		};
	}

	/**
	 * Return the place of a value on the drawing.
	 */
	double at(double value);

	/**
	 * Return the values that are named.
	 */
	List<Double> ticks();

	/**
	 * Return how people write a value.
	 */
	String label(double value);

}
