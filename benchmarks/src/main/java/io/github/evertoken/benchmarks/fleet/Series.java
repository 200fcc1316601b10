package io.github.evertoken.benchmarks.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

import io.github.evertoken.benchmarks.chart.Chart;

/**
 * How often something happened in each second.
 */
final class Series {

	private final AtomicLongArray seconds;

	Series(int seconds) {
		this.seconds = new AtomicLongArray(seconds);
	}

	/**
	 * Count once. What happens after the last second does not count.
	 * @param second the second
	 */
	void count(long second) {
		if (second < this.seconds.length()) {
			this.seconds.incrementAndGet((int) second);
		}
	}

	long in(int second) {
		return this.seconds.get(second);
	}

	long total(int from, int until) {
		long total = 0;
		for (int second = from; second < Math.min(until, this.seconds.length()); second++) {
			total += this.seconds.get(second);
		}
		return total;
	}

	long peak(int from, int until) {
		long peak = 0;
		for (int second = from; second < Math.min(until, this.seconds.length()); second++) {
			peak = Math.max(peak, this.seconds.get(second));
		}
		return peak;
	}

	/**
	 * Return what may be drawn.
	 * @param width how many seconds are one point
	 * @return minutes, and times a second in the mean
	 */
	List<Chart.Point> points(int width) {
		List<Chart.Point> points = new ArrayList<>();
		for (int from = 0; from + width <= this.seconds.length(); from += width) {
			points.add(new Chart.Point(from / 60.0, total(from, from + width) / (double) width));
		}
		return points;
	}

}
