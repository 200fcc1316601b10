package io.github.evertoken.migrate;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Finds the lines of a configuration file that nobody needs any more. Where all that
 * stands below a key goes, the key goes too: it would be a property without a value
 * otherwise.
 */
final class DeletableLines {

	private final String file;

	private final Predicate<ConfigurationPropertyName> deletable;

	private final List<Remark> remarks = new ArrayList<>();

	private DeletableLines(String file, Predicate<ConfigurationPropertyName> deletable) {
		this.file = file;
		this.deletable = deletable;
	}

	/**
	 * Return the lines of a file that can go, each with the name of what it is.
	 * @param file the name of the file
	 * @param text what is in it, and can be read
	 * @param deletable which properties are not needed
	 */
	static List<Remark> of(String file, String text, Predicate<ConfigurationPropertyName> deletable) {
		DeletableLines lines = new DeletableLines(file, deletable);
		if (ConfigurationReader.isYaml(file)) {
			for (Node document : new Yaml(new LoaderOptions()).composeAll(new StringReader(text))) {
				lines.addTopmost(document, "");
			}
		}
		else {
			lines.addProperties(text.split("\\R", -1));
		}
		return lines.remarks;
	}

	/**
	 * @return whether all of a node can go, so that it is for the caller to name it
	 */
	private boolean addTopmost(Node node, String path) {
		if (!(node instanceof MappingNode mapping)) {
			return !path.isEmpty() && this.deletable.test(ConfigurationPropertyName.adapt(path, '.'));
		}
		List<Remark> found = new ArrayList<>();
		boolean all = !mapping.getValue().isEmpty();
		for (NodeTuple entry : mapping.getValue()) {
			String name = path(path, entry.getKeyNode());
			boolean goes = addTopmost(entry.getValueNode(), name);
			all &= goes;
			if (goes) {
				found.add(new Remark(place(entry), name));
			}
		}
		if (!all || path.isEmpty()) {
			this.remarks.addAll(found);
		}
		return all;
	}

	private static String path(String path, Node key) {
		String name = (key instanceof ScalarNode scalar) ? scalar.getValue() : "";
		return (path.isEmpty() || name.startsWith("[")) ? path + name : path + "." + name;
	}

	private Place place(NodeTuple entry) {
		int from = entry.getKeyNode().getStartMark().getLine() + 1;
		return new Place(this.file, from, Math.max(from, lastLine(entry.getValueNode())));
	}

	/**
	 * A block ends where the next one begins, and what stands between them is of neither.
	 */
	private static int lastLine(Node node) {
		if (node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
			return lastLine(mapping.getValue().get(mapping.getValue().size() - 1).getValueNode());
		}
		if (node instanceof SequenceNode sequence && !sequence.getValue().isEmpty()) {
			return lastLine(sequence.getValue().get(sequence.getValue().size() - 1));
		}
		Mark end = node.getEndMark();
		return (end.getColumn() == 0) ? end.getLine() : end.getLine() + 1;
	}

	private void addProperties(String[] lines) {
		for (int i = 0; i < lines.length; i++) {
			int from = i;
			while (i < lines.length - 1 && isContinued(lines[i])) {
				i++;
			}
			String line = lines[from].strip();
			String name = line.split("[=:\\s]", 2)[0];
			if (!line.startsWith("#") && !line.startsWith("!") && !name.isEmpty()
					&& this.deletable.test(ConfigurationPropertyName.adapt(name, '.'))) {
				addLines(from + 1, i + 1, name);
			}
		}
	}

	/**
	 * Lines that follow each other and are of one registration are told as one place.
	 */
	private void addLines(int from, int to, String name) {
		Remark last = this.remarks.isEmpty() ? null : this.remarks.get(this.remarks.size() - 1);
		String parent = name.substring(0, Math.max(name.lastIndexOf('.'), 0));
		if (last != null && last.place().to() + 1 == from
				&& (last.text().equals(parent) || last.text().startsWith(parent + "."))) {
			this.remarks.set(this.remarks.size() - 1,
					new Remark(new Place(this.file, last.place().from(), to), parent));
		}
		else {
			this.remarks.add(new Remark(new Place(this.file, from, to), name));
		}
	}

	private static boolean isContinued(String line) {
		int backslashes = line.length() - line.replaceAll("\\\\+$", "").length();
		return backslashes % 2 == 1 && !line.strip().startsWith("#") && !line.strip().startsWith("!");
	}

}
