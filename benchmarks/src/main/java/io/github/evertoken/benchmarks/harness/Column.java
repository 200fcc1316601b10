package io.github.evertoken.benchmarks.harness;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One column of a table: a metric, alone or compared with that of the reference in the
 * same round.
 *
 * @param heading what stands above it
 * @param metric the metric
 * @param kind how it is shown
 * @param decimals how many digits stand behind the point
 */
public record Column(String heading, String metric, Kind kind, int decimals) {

	/**
	 * Show the median.
	 * @param heading what stands above it
	 * @param metric the metric
	 * @param decimals how many digits stand behind the point
	 * @return the column
	 */
	public static Column median(String heading, String metric, int decimals) {
		return new Column(heading, metric, Kind.MEDIAN, decimals);
	}

	/**
	 * Show the median and, in brackets, the smallest and the largest.
	 * @param heading what stands above it
	 * @param metric the metric
	 * @param decimals how many digits stand behind the point
	 * @return the column
	 */
	public static Column spread(String heading, String metric, int decimals) {
		return new Column(heading, metric, Kind.SPREAD, decimals);
	}

	/**
	 * Show the median of the rounds' ratios to the reference, with the smallest and the
	 * largest.
	 * @param heading what stands above it
	 * @param metric the metric
	 * @return the column
	 */
	public static Column ratio(String heading, String metric) {
		return new Column(heading, metric, Kind.RATIO, 2);
	}

	/**
	 * Show the median of the rounds' differences from the reference.
	 * @param heading what stands above it
	 * @param metric the metric
	 * @param decimals how many digits stand behind the point
	 * @return the column
	 */
	public static Column difference(String heading, String metric, int decimals) {
		return new Column(heading, metric, Kind.DIFFERENCE, decimals);
	}

	List<Double> values(Results own, Results reference) {
		return switch (this.kind) {
			case MEDIAN, SPREAD -> own.of(this.metric);
			case RATIO -> pairs(own, reference, (mine, theirs) -> mine / theirs);
			case DIFFERENCE -> pairs(own, reference, (mine, theirs) -> mine - theirs);
		};
	}

	private List<Double> pairs(Results own, Results reference, Comparing comparing) {
		List<Double> mine = own.of(this.metric);
		List<Double> theirs = reference.of(this.metric);
		return IntStream.range(0, Math.min(mine.size(), theirs.size()))
			.mapToObj((round) -> comparing.compare(mine.get(round), theirs.get(round)))
			.toList();
	}

	String cell(Results own, Results reference) {
		List<Double> values = values(own, reference);
		if (values.isEmpty()) {
			return "";
		}
		Statistics statistics = Statistics.of(values);
		boolean spread = (this.kind == Kind.SPREAD || this.kind == Kind.RATIO) && values.size() > 1;
		String median = number(statistics.median());
		return spread ? "%s (%s–%s)".formatted(median, number(statistics.min()), number(statistics.max())) : median;
	}

	private String number(double value) {
		return String.format(Locale.ROOT, "%,." + this.decimals + "f", value);
	}

	/**
	 * How a metric is shown.
	 */
	enum Kind {

		MEDIAN, SPREAD, RATIO, DIFFERENCE

	}

	@FunctionalInterface
	private interface Comparing {

		double compare(double mine, double theirs);

	}

}
