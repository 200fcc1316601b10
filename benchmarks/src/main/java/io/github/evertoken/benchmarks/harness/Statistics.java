package io.github.evertoken.benchmarks.harness;

import java.util.Arrays;
import java.util.List;

/**
 * What the rounds say of one figure.
 *
 * @param median the middle one
 * @param min the smallest
 * @param max the largest
 */
record Statistics(double median, double min, double max) {

	static Statistics of(List<Double> values) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Statistics(median, sorted[0], sorted[sorted.length - 1]);
	}

}
