package io.github.evertoken.benchmarks.chart;

import java.util.List;

/**
 * A drawing of one or more panels, one below the other.
 *
 * @param title what stands above all
 * @param panels the panels
 */
public record Chart(String title, List<Panel> panels) {

	/**
	 * Some lines between two axes.
	 *
	 * @param xAxis what the x-axis shows
	 * @param yAxis what the y-axis shows
	 * @param scale what both axes are like
	 * @param lines the lines
	 */
	public record Panel(String xAxis, String yAxis, Scale scale, List<Line> lines) {

		/**
		 * Create a panel. Points that its axes cannot show are left out.
		 * @param xAxis what the x-axis shows
		 * @param yAxis what the y-axis shows
		 * @param scale what both axes are like
		 * @param lines the lines
		 */
		public Panel {
			lines = lines.stream().map((line) -> line.on(scale)).toList();
		}

	}

	/**
	 * What the axes of a panel are like.
	 */
	public enum Scale {

		/** A decade is as long as any other, for growth. */
		LOGARITHMIC,
		/** From zero on, for what happens in time. */
		LINEAR

	}

	/**
	 * One line.
	 *
	 * @param name what it shows
	 * @param prominent whether it is the one to look at
	 * @param points its points
	 */
	public record Line(String name, boolean prominent, List<Point> points) {

		private Line on(Scale scale) {
			return (scale == Scale.LINEAR) ? this : new Line(this.name, this.prominent,
					this.points.stream().filter((point) -> point.x() > 0 && point.y() > 0).toList());
		}

		double last() {
			return this.points.isEmpty() ? 0 : this.points.get(this.points.size() - 1).y();
		}

	}

	/**
	 * One point.
	 *
	 * @param x where it is on the x-axis
	 * @param y where it is on the y-axis
	 */
	public record Point(double x, double y) {

	}

	/**
	 * Draw the chart.
	 * @return an SVG document that brings its own background, light or dark as its reader
	 * prefers
	 */
	public String svg() {
		return new SvgWriter(this).write();
	}

}
