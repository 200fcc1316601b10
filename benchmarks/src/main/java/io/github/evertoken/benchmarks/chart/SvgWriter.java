package io.github.evertoken.benchmarks.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Writes a {@link Chart} as SVG. Lines differ in colour and in the shape of their
 * markers, which those of very many points have in the legend alone; the names stand at
 * the right, in the order in which the lines end.
 */
final class SvgWriter {

	private static final int WIDTH = 960;

	private static final int TITLE_HEIGHT = 46;

	private static final int PANEL_HEIGHT = 370;

	private static final int LEFT = 78;

	private static final int RIGHT = 620;

	private static final int LEGEND = RIGHT + 26;

	private static final int LEGEND_LINE = 24;

	private static final int MOST_MARKS = 40;

	private static final int PLOT_TOP = 30;

	private static final int PLOT_BOTTOM = PANEL_HEIGHT - 56;

	private static final List<String> SHAPES = List.of("<circle r='4'/>",
			"<rect x='-3.6' y='-3.6' width='7.2' height='7.2'/>", "<path d='M0-5 4.6 3.4H-4.6Z'/>",
			"<path d='M0-5.4 4.4 0 0 5.4-4.4 0Z'/>", "<path d='M0 5 4.6-3.4H-4.6Z'/>",
			"<path d='M-4-1.3H-1.3V-4H1.3V-1.3H4V1.3H1.3V4H-1.3V1.3H-4Z'/>",
			"<rect x='-5' y='-2' width='10' height='4'/>");

	// Of each look the colour on white and the colour on black; the first is the
	// prominent one.
	private static final List<List<String>> COLOURS = List.of(List.of("#0550ae", "#79c0ff"),
			List.of("#8250df", "#d2a8ff"), List.of("#bc4c00", "#ffa657"), List.of("#1a7f37", "#7ee787"),
			List.of("#bf3989", "#ff9bce"), List.of("#7d6200", "#e3d26f"), List.of("#59636e", "#b1bac4"));

	private static final String STYLE = """
			svg { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; }
			.title { font-size: 17px; font-weight: 600; } .axis { font-weight: 600; }
			.end { text-anchor: end; } .middle { text-anchor: middle; }
			polyline { fill: none; stroke-width: 1.7; stroke-linejoin: round; } .key { stroke-width: 1.7; }
			.l0 polyline, .l0 .key { stroke-width: 3.4; } .l0 text { font-weight: 700; }
			""";

	private final Chart chart;

	private final StringBuilder svg = new StringBuilder();

	SvgWriter(Chart chart) {
		this.chart = chart;
	}

	String write() {
		int height = TITLE_HEIGHT + PANEL_HEIGHT * this.chart.panels().size();
		add("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img' aria-label='%s'>", WIDTH, height,
				escaped(this.chart.title()));
		style();
		add("<rect class='bg' width='%d' height='%d' rx='8'/>", WIDTH, height);
		add("<text class='title' x='24' y='32'>%s</text>", escaped(this.chart.title()));
		for (int i = 0; i < this.chart.panels().size(); i++) {
			add("<g transform='translate(0 %d)'>", TITLE_HEIGHT + PANEL_HEIGHT * i);
			panel(this.chart.panels().get(i));
			add("</g>");
		}
		add("</svg>");
		return this.svg.toString();
	}

	private void style() {
		this.svg.append("<style>\n").append(STYLE);
		colours("#ffffff", "#1f2328", "#59636e", "#d8dee4", 0);
		add("@media (prefers-color-scheme: dark) {");
		colours("#0d1117", "#f0f6fc", "#9198a1", "#30363d", 1);
		add("}\n</style>");
	}

	private void colours(String background, String ink, String soft, String grid, int scheme) {
		add(".bg { fill: %s; } text { fill: %s; } .soft { fill: %s; } .grid { stroke: %s; }", background, ink, soft,
				grid);
		for (int look = 0; look < COLOURS.size(); look++) {
			String colour = COLOURS.get(look).get(scheme);
			add(".l%1$d polyline, .l%1$d .key { stroke: %2$s; } .l%1$d .mark { fill: %2$s; }", look, colour);
		}
	}

	private void panel(Chart.Panel panel) {
		Axis x = Axis.over(panel, Chart.Point::x, LEFT, RIGHT);
		Axis y = Axis.over(panel, Chart.Point::y, PLOT_BOTTOM, PLOT_TOP);
		add("<text class='axis' x='24' y='16'>%s</text>", escaped(panel.yAxis()));
		add("<text class='axis middle' x='%d' y='%d'>%s</text>", (LEFT + RIGHT) / 2, PLOT_BOTTOM + 42,
				escaped(panel.xAxis()));
		for (double tick : x.ticks()) {
			add("<line class='grid' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>", x.at(tick), x.at(tick), PLOT_TOP,
					PLOT_BOTTOM);
			add("<text class='soft middle' x='%.1f' y='%d'>%s</text>", x.at(tick), PLOT_BOTTOM + 20, x.label(tick));
		}
		for (double tick : y.ticks()) {
			add("<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", LEFT, RIGHT, y.at(tick), y.at(tick));
			add("<text class='soft end' x='%d' y='%.1f'>%s</text>", LEFT - 10, y.at(tick) + 4.5, y.label(tick));
		}
		lines(panel.lines(), x, y);
	}

	private void lines(List<Chart.Line> lines, Axis x, Axis y) {
		List<Chart.Line> legend = new ArrayList<>(lines);
		legend.sort(Comparator.comparingDouble(Chart.Line::last).reversed());
		int look = 0;
		for (Chart.Line line : lines) {
			if (!line.prominent()) {
				look = look % (COLOURS.size() - 1) + 1;
				line(line, look, legend.indexOf(line), x, y);
			}
		}
		// On top of the others.
		lines.stream().filter(Chart.Line::prominent).forEach((line) -> line(line, 0, legend.indexOf(line), x, y));
	}

	private void line(Chart.Line line, int look, int place, Axis x, Axis y) {
		String shape = SHAPES.get(look);
		add("<g class='l%d'>", look);
		this.svg.append("<polyline points='");
		line.points().forEach((point) -> format("%.1f,%.1f ", x.at(point.x()), y.at(point.y())));
		add("'/>");
		if (line.points().size() <= MOST_MARKS) {
			line.points().forEach((point) -> mark(shape, x.at(point.x()), y.at(point.y())));
		}
		legendEntry(line.name(), shape, PLOT_TOP + 12 + LEGEND_LINE * place);
		add("</g>");
	}

	private void legendEntry(String name, String shape, double y) {
		add("<line class='key' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>", LEGEND, LEGEND + 26, y, y);
		mark(shape, LEGEND + 13, y);
		add("<text x='%d' y='%.1f'>%s</text>", LEGEND + 36, y + 4.5, escaped(name));
	}

	private void mark(String shape, double x, double y) {
		add("<g class='mark' transform='translate(%.1f %.1f)'>%s</g>", x, y, shape);
	}

	private void add(String format, Object... arguments) {
		format(format, arguments);
		this.svg.append('\n');
	}

	private void format(String format, Object... arguments) {
		this.svg.append(String.format(Locale.ROOT, format, arguments));
	}

	private static String escaped(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;");
	}

}
