package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * What is wrong with properties so that they cannot be bound. Spring Boot's binding ends
 * with the first such; here they are gathered, to be reported with all the others.
 */
public final class BindingReport implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final Logger logger = LoggerFactory.getLogger(BindingReport.class);

	private final Map<String, String> problems = new LinkedHashMap<>();

	private final Set<String> unreadable = new TreeSet<>();

	private final Set<String> unquoted = new TreeSet<>();

	private final Environment environment;

	private final WrongValues values;

	private EnvironmentVariables variables = new EnvironmentVariables(List.of());

	BindingReport(Environment environment) {
		this.environment = environment;
		this.values = new WrongValues(environment);
	}

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new ReportingBindHandler(bindHandler, this, this.values);
	}

	/**
	 * Begin anew, for the properties are bound anew.
	 */
	void start(EnvironmentVariables variables) {
		this.problems.clear();
		this.unreadable.clear();
		this.unquoted.clear();
		this.variables = variables;
		variables.equalClients()
			.forEach((client, other) -> addValue(client, "is the same name as '"
					+ other.getElement(other.getNumberOfElements() - 1, Form.ORIGINAL)
					+ "' to Spring Boot, which ignores case and dashes; use one of them for a client, or rename one of"
					+ " two", null));
	}

	EnvironmentVariables variables() {
		return this.variables;
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
		this.problems.putIfAbsent(name.toString(), problem + ((origin != null) ? " (" + origin + ")" : ""));
	}

	/**
	 * Take a text that was written without quotes, and may have become another one: YAML
	 * takes 0777 for 511, and 1e5 for 100000.0.
	 */
	void addUnquoted(ConfigurationPropertyName name) {
		this.unquoted.add(name.toString());
	}

	boolean contains(ConfigurationPropertyName name) {
		return this.problems.containsKey(name.toString());
	}

	/**
	 * Return the problems, by the name of the property.
	 */
	public Map<String, String> problems() {
		return this.problems;
	}

	/**
	 * Warn of what may be another text than was written, and is none that could be told
	 * to be wrong.
	 */
	public void logUnquoted() {
		this.unquoted.forEach((name) -> logger.warn(
				"{} is a text, but is read as a number or as true or false, which may change it: leading zeros get lost,"
						+ " for instance. Write it in quotes",
				name));
	}

	/**
	 * The environment may have variables whose names only look like ours, so that they do
	 * not stop the start.
	 * @param clients the names of all clients
	 */
	public void logUnusedVariables(Collection<String> clients) {
		this.variables.unused(clients)
			.forEach((variable, meant) -> logger.warn(
					"The environment variable {} belongs to no property of Evertoken, and has no effect. Did you mean {}?",
					variable, meant));
	}

	/**
	 * Return where clients are written that nobody reads.
	 * @return the name of what was probably meant to be {@code evertoken.clients}, or
	 * {@code null}
	 */
	public @Nullable String misplacedClients() {
		return MisplacedClients.in(this.environment);
	}

	/**
	 * Tell whether a client has a value that cannot be used.
	 */
	public boolean isUnreadable(String client) {
		return this.unreadable.contains(client);
	}

}
