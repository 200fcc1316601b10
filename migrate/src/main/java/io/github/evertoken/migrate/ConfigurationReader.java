package io.github.evertoken.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * Reads configuration files with the loaders of Spring Boot, so that a document is here
 * what it is to the application.
 */
final class ConfigurationReader {

	private static final Pattern PROFILE = Pattern.compile("application-(.+)\\.[a-z]+");

	/**
	 * What Maven or Gradle puts a value in place of, and YAML has no other use for.
	 */
	private static final Pattern FILTERED = Pattern
		.compile("(?m)(:[ \\t]+|-[ \\t]+)(@[\\w.-]+@)(?=[ \\t]*(?:#.*)?\\r?$)");

	private static final Pattern WRONG_ESCAPE = Pattern.compile("\\\\u(?![0-9a-fA-F]{4})");

	private final ProjectFiles files;

	ConfigurationReader(ProjectFiles files) {
		this.files = files;
	}

	/**
	 * Return the documents of a file, in their order.
	 * @throws UnreadableException if it cannot be read, with the line and the reason
	 */
	List<ConfigurationDocument> read(Path file) {
		String name = this.files.name(file);
		String text = text(file);
		List<ConfigurationDocument> documents = new ArrayList<>();
		for (PropertySource<?> source : load(name, text)) {
			ConfigurationPropertySource properties = ConfigurationPropertySource.from(source);
			if (properties instanceof IterableConfigurationPropertySource iterable) {
				documents.add(new ConfigurationDocument(name, condition(file, name, iterable), source, iterable));
			}
		}
		return documents;
	}

	/**
	 * Return a file as it is read: with quotes around what a build has yet to filter.
	 */
	String text(Path file) {
		try {
			String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
			return isYaml(this.files.name(file)) ? FILTERED.matcher(text).replaceAll("$1'$2'") : text;
		}
		catch (IOException ex) {
			throw this.files.unreadable(file, ex);
		}
	}

	static boolean isYaml(String name) {
		return !name.endsWith(".properties");
	}

	private static List<PropertySource<?>> load(String name, String text) {
		PropertySourceLoader loader = isYaml(name) ? new YamlPropertySourceLoader()
				: new PropertiesPropertySourceLoader();
		try {
			return loader.load(name, new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (MarkedYAMLException ex) {
			int line = (ex.getProblemMark() != null) ? ex.getProblemMark().getLine() + 1 : 0;
			throw new UnreadableException(Place.of(name, line), reason(ex.getProblem(), ex));
		}
		catch (StackOverflowError ex) {
			throw new UnreadableException(Place.of(name), "an alias refers to what it stands in");
		}
		catch (YAMLException | IOException | IllegalStateException | IllegalArgumentException ex) {
			throw new UnreadableException(Place.of(name, wrongEscape(text)), reason(ex.getMessage(), ex));
		}
	}

	/**
	 * The loader for properties does not tell the line, and this is all that it objects
	 * to.
	 */
	private static int wrongEscape(String text) {
		Matcher matcher = WRONG_ESCAPE.matcher(text);
		return matcher.find() ? (int) text.substring(0, matcher.start()).lines().count() : 0;
	}

	private static String reason(@Nullable String problem, Exception ex) {
		String reason = (problem != null) ? problem : ex.getClass().getSimpleName();
		return reason.lines().findFirst().orElse(reason).replaceAll("\\p{Cntrl}", "?");
	}

	private static Condition condition(Path file, String name, IterableConfigurationPropertySource source) {
		Matcher profile = PROFILE.matcher(Objects.toString(file.getFileName()));
		Condition ofFile = new Condition(profile.matches() ? profile.group(1) : null, null);
		Function<String, @Nullable String> value = (property) -> value(name, source, property);
		String expression = value.apply("spring.config.activate.on-profile");
		if (expression == null) {
			expression = value.apply("spring.profiles");
		}
		return ofFile.and(new Condition(expression, value.apply("spring.config.activate.on-cloud-platform")));
	}

	private static @Nullable String value(String name, ConfigurationPropertySource source, String property) {
		try {
			return new Binder(source).bind(property, Bindable.listOf(String.class))
				.map((values) -> values.stream().collect(Collectors.joining(",")))
				.orElse(null);
		}
		catch (BindException ex) {
			throw new UnreadableException(Place.of(name), property + " has no value that could be used");
		}
	}

}
