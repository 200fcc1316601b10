package io.github.evertoken.migrate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The configuration of the one application in a project that has registrations.
 */
final class Configuration {

	private final ProjectFiles files;

	private final ConfigurationReader reader;

	private final Map<Path, List<ConfigurationDocument>> documents = new LinkedHashMap<>();

	private final List<Layer> layers;

	private Configuration(ProjectFiles files) {
		this.files = files;
		this.reader = new ConfigurationReader(files);
		Map<Path, List<ConfigurationDocument>> all = new LinkedHashMap<>();
		files.configuration()
			.stream()
			.sorted(Comparator.comparing(Configuration::strength).thenComparing(files::name))
			.forEach((file) -> all.put(file, this.reader.read(file)));
		Path module = module(all);
		all.forEach((file, found) -> {
			if (files.module(file).equals(module)) {
				this.documents.put(file, found);
			}
		});
		this.layers = Layer.of(this.documents.values().stream().flatMap(List::stream).toList());
	}

	/**
	 * Read the configuration of a project.
	 * @throws UnreadableException if a file cannot be read
	 * @throws UsageException if there are no registrations, or those of several
	 * applications
	 */
	static Configuration of(ProjectFiles files) {
		return new Configuration(files);
	}

	/**
	 * What is for a profile goes before what is for any, a directory {@code config}
	 * before what is above it, and properties before YAML.
	 */
	private static int strength(Path file) {
		String name = Objects.toString(file.getFileName());
		boolean inConfig = file.getParent() != null && file.getParent().endsWith("config");
		return (name.startsWith("application-") ? 4 : 0) + (inConfig ? 2 : 0)
				+ (ConfigurationReader.isYaml(name) ? 0 : 1);
	}

	private Path module(Map<Path, List<ConfigurationDocument>> all) {
		Set<Path> modules = new TreeSet<>();
		all.forEach((file, found) -> {
			if (found.stream().anyMatch((document) -> has(document, Layer.REGISTRATION))) {
				modules.add(this.files.module(file));
			}
		});
		if (modules.isEmpty()) {
			throw new UsageException("There is nothing below spring.security.oauth2.client.registration in "
					+ (all.isEmpty() ? "this directory, and no application.yml or application.properties at all"
							: all.keySet().stream().map(this.files::name).collect(Collectors.joining(", "))));
		}
		if (modules.size() > 1) {
			throw new UsageException("There are several applications with registrations. Name the directory of one: "
					+ modules.stream().map(this.files::name).collect(Collectors.joining(", ")));
		}
		return modules.iterator().next();
	}

	private static boolean has(ConfigurationDocument document, ConfigurationPropertyName name) {
		return document.properties().stream().anyMatch(name::isAncestorOf);
	}

	/**
	 * Return the layers, the one that is always there first.
	 */
	List<Layer> layers() {
		return this.layers;
	}

	Layer base() {
		return this.layers.get(0);
	}

	boolean has(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
		return this.layers.stream().anyMatch((layer) -> layer.has(name));
	}

	/**
	 * Return the identifiers of all registrations, in the order in which they are
	 * written.
	 */
	Set<String> registrations() {
		Set<String> ids = new LinkedHashSet<>();
		this.layers.forEach((layer) -> ids.addAll(layer.registrations().keySet()));
		return ids;
	}

	/**
	 * Return the lines of what is needed no more.
	 */
	List<Remark> deletable(Predicate<ConfigurationPropertyName> predicate) {
		List<Remark> remarks = new ArrayList<>();
		this.documents.keySet()
			.forEach((file) -> remarks
				.addAll(DeletableLines.of(this.files.name(file), this.reader.text(file), predicate)));
		return remarks;
	}

	/**
	 * Say which files that are for tests have registrations, or cannot be read.
	 */
	List<Remark> tests() {
		List<Remark> remarks = new ArrayList<>();
		for (Path file : this.files.testConfiguration()) {
			try {
				this.reader.read(file)
					.stream()
					.filter((document) -> has(document, Layer.REGISTRATION))
					.map((document) -> new Layer(document.condition(), List.of(document), List.of(document)))
					.forEach((layer) -> remarks.add(new Remark(layer.place(Layer.REGISTRATION),
							"A test has registrations of its own. With evertoken.enabled: false it needs none.")));
			}
			catch (UnreadableException ex) {
				remarks.add(new Remark(Place.of(this.files.name(file)), "A test's configuration cannot be read."));
			}
		}
		return remarks;
	}

	/**
	 * Return the file that the clients are to be written into.
	 */
	String file() {
		return this.documents.keySet()
			.stream()
			.filter((file) -> this.documents.getOrDefault(file, List.of())
				.stream()
				.anyMatch((document) -> has(document, Layer.REGISTRATION)))
			.map(this.files::name)
			.findFirst()
			.orElse("application.yml")
			.replaceFirst("application(-[^/]+)?\\.(ya?ml)$", "application.$2")
			.replaceFirst("application(-[^/]+)?\\.properties$", "application.yml");
	}

}
