package io.github.evertoken.benchmarks.chart;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A logarithmic axis over whole decades.
 *
 * @param firstDecade the exponent at its start
 * @param lastDecade the exponent at its end
 * @param start where it starts on the drawing
 * @param end where it ends on the drawing
 */
record LogAxis(int firstDecade, int lastDecade, double start, double end) implements Axis {

	static LogAxis over(double min, double max, double start, double end) {
		int first = (int) Math.floor(Math.log10(min));
		return new LogAxis(first, Math.max(first + 1, (int) Math.ceil(Math.log10(max))), start, end);
	}

	@Override
	public double at(double value) {
		return this.start + (Math.log10(value) - this.firstDecade) / (this.lastDecade - this.firstDecade)
				* (this.end - this.start);
	}

	@Override
	public List<Double> ticks() {
		return IntStream.rangeClosed(this.firstDecade, this.lastDecade)
			.mapToObj((decade) -> Math.pow(10, decade))
			.toList();
	}

	/**
	 * Return how people write a power of ten: 100, 10 k, 1 M.
	 */
	@Override
	public String label(double value) {
		if (value >= 1e9) {
			return Math.round(value / 1e9) + " G";
		}
		if (value >= 1e6) {
			return Math.round(value / 1e6) + " M";
		}
		if (value >= 1e3) {
			return Math.round(value / 1e3) + " k";
		}
		return (value >= 1) ? Long.toString(Math.round(value)) : Double.toString(value);
	}

}
