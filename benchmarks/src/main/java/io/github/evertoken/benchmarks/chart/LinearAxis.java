package io.github.evertoken.benchmarks.chart;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An axis from zero on, in round steps.
 *
 * @param step from one tick to the next
 * @param steps how many there are
 * @param start where it starts on the drawing
 * @param end where it ends on the drawing
 */
record LinearAxis(double step, int steps, double start, double end) implements Axis {

	private static final int MOST_STEPS = 7;

	static LinearAxis over(double max, double start, double end) {
		double wanted = Math.max(max, 1e-3) / MOST_STEPS;
		double decade = Math.pow(10, Math.floor(Math.log10(wanted)));
		double step = DoubleStream.of(1, 2, 5, 10)
			.map((factor) -> factor * decade)
			.filter((possible) -> possible >= wanted)
			.findFirst()
			.orElse(10 * decade);
		return new LinearAxis(step, Math.max(1, (int) Math.ceil(max / step)), start, end);
	}

	@Override
	public double at(double value) {
		return this.start + value / (this.step * this.steps) * (this.end - this.start);
	}

	@Override
	public List<Double> ticks() {
		return IntStream.rangeClosed(0, this.steps).mapToObj((tick) -> tick * this.step).toList();
	}

	@Override
	public String label(double value) {
		return (this.step >= 1) ? String.format(Locale.ROOT, "%,d", Math.round(value))
				: String.format(Locale.ROOT, "%." + (int) Math.ceil(-Math.log10(this.step)) + "f", value);
	}

}
