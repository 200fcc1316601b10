package io.github.evertoken.migrate;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is to be done, for whoever does it.
 */
final class Report {

	private static final int WIDTH = 80;

	private String file = "application.yml";

	private final Map<Condition, Map<String, Object>> clients = new LinkedHashMap<>();

	private final Set<String> dependencies = new TreeSet<>();

	private final Set<Remark> deletable = new TreeSet<>();

	private final Set<Remark> staying = new TreeSet<>();

	private final Set<Remark> byHand = new TreeSet<>();

	private final Set<Remark> notes = new TreeSet<>();

	void file(String file) {
		this.file = file;
	}

	void clients(Condition condition, Map<String, Object> clients) {
		if (!clients.isEmpty()) {
			this.clients.put(condition, clients);
		}
	}

	void dependency(String dependency) {
		this.dependencies.add(dependency);
	}

	void delete(Remark remark) {
		this.deletable.add(remark);
	}

	void byHand(Remark remark) {
		this.byHand.add(remark);
	}

	void note(Remark remark) {
		this.notes.add(remark);
	}

	void stays(Place place, String registration, String why) {
		this.staying.add(new Remark(place, "The registration " + registration + ". " + why));
	}

	/**
	 * Tell whether something has to be done that no command can do.
	 */
	boolean isByHand() {
		return !this.byHand.isEmpty();
	}

	/**
	 * Return what can go, what lies within other lines left out.
	 */
	List<Remark> deletable() {
		List<Remark> remarks = new ArrayList<>();
		for (Remark remark : this.deletable) {
			if (this.deletable.stream()
				.noneMatch((other) -> other != remark && isWithin(remark.place(), other.place()))) {
				remarks.add(remark);
			}
		}
		return remarks;
	}

	private static boolean isWithin(Place inner, Place outer) {
		return inner.file().equals(outer.file()) && outer.from() <= inner.from() && inner.to() <= outer.to()
				&& outer.to() - outer.from() > inner.to() - inner.from();
	}

	/**
	 * Return the clients as YAML, a document for each condition, or an empty text if
	 * there are none.
	 */
	String yaml() {
		YamlText yaml = new YamlText();
		this.clients.forEach((condition, clients) -> {
			if (!yaml.toString().isEmpty()) {
				yaml.line("---");
			}
			if (!condition.isAlways()) {
				yaml.add(Map.of("spring", Map.of("config", Map.of("activate", condition.properties()))));
			}
			yaml.add(Map.of("evertoken", Map.of("clients", clients)));
		});
		return yaml.toString();
	}

	/**
	 * Print all of it.
	 * @param written where the YAML was written, or empty if it is to be printed
	 */
	void print(PrintStream out, String written) {
		String yaml = yaml();
		if (yaml.isEmpty()) {
			paragraph(out, "No client of Evertoken comes of these registrations.", "");
		}
		else if (!written.isEmpty()) {
			paragraph(out, "The clients are in " + written + ".", "");
		}
		else {
			out.println("Put this into " + this.file + ":");
			out.println();
			yaml.lines().forEach(out::println);
		}
		if (!yaml.isEmpty() && !this.dependencies.isEmpty()) {
			out.println();
			out.println("Add what is needed:");
			out.println();
			this.dependencies.forEach((dependency) -> out.println("  " + dependency));
		}
		if (!yaml.isEmpty()) {
			section(out, "Delete what is not:", deletable());
		}
		section(out, "Leave what stays:", this.staying);
		section(out, "Do by hand:", this.byHand);
		section(out, "Know that:", this.notes);
	}

	private static void section(PrintStream out, String heading, Collection<Remark> remarks) {
		if (remarks.isEmpty()) {
			return;
		}
		out.println();
		out.println(heading);
		for (Remark remark : remarks) {
			out.println();
			out.println("  " + remark.place());
			paragraph(out, remark.text(), "    ");
		}
	}

	private static void paragraph(PrintStream out, String text, String indent) {
		Paragraph.wrap(text, WIDTH - indent.length()).forEach((line) -> out.println(indent + line));
	}

}
