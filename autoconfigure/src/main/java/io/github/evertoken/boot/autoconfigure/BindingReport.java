package io.github.evertoken.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;

/**
 * What is wrong with properties so that they cannot be bound. Spring Boot's binding ends
 * with the first such; here they are gathered, to be reported with all the others.
 */
final class BindingReport implements ConfigurationPropertiesBindHandlerAdvisor {

	private final Map<ConfigurationPropertyName, String> problems = new LinkedHashMap<>();

	private final Set<String> unreadable = new TreeSet<>();

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new ReportingBindHandler(bindHandler, this);
	}

	void start() {
		this.problems.clear();
		this.unreadable.clear();
	}

	/**
	 * Take a value that cannot be used. Nothing else is said of its client: it would be
	 * about values that nobody has written.
	 */
	void addValue(ConfigurationPropertyName name, String problem, @Nullable Origin origin) {
		this.unreadable.add(Objects.requireNonNullElse(KnownProperties.clientOf(name), ""));
		addName(name, problem, origin);
	}

	/**
	 * Take a name that belongs to no property.
	 */
	void addName(ConfigurationPropertyName name, String problem, @Nullable Origin origin) {
		this.problems.putIfAbsent(name, problem + ((origin != null) ? " (" + origin + ")" : ""));
	}

	boolean contains(ConfigurationPropertyName name) {
		return this.problems.containsKey(name);
	}

	/**
	 * Return the problems, by the name of the property.
	 */
	Map<ConfigurationPropertyName, String> problems() {
		return this.problems;
	}

	/**
	 * Tell whether a client has a value that cannot be used.
	 */
	boolean isUnreadable(String client) {
		return this.unreadable.contains(client);
	}

}
