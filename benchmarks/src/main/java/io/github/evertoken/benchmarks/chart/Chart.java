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
	 * Some lines between logarithmic axes.
	 *
	 * @param xAxis what the x-axis shows
	 * @param yAxis what the y-axis shows
	 * @param lines the lines
	 */
	public record Panel(String xAxis, String yAxis, List<Line> lines) {

	}

	/**
	 * One line. Points that a logarithmic axis cannot show are left out.
	 *
	 * @param name what it shows
	 * @param prominent whether it is the one to look at
	 * @param points its points
	 */
	public record Line(String name, boolean prominent, List<Point> points) {

		/**
		 * Create a line.
		 * @param name what it shows
		 * @param prominent whether it is the one to look at
		 * @param points its points
		 */
		public Line {
			points = points.stream().filter((point) -> point.x() > 0 && point.y() > 0).toList();
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
