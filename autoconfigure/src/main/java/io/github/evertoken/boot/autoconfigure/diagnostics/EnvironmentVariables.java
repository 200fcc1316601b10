package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.diagnostics.KnownProperties.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Tells which environment variable belongs to what is written elsewhere. Spring Boot
 * finds the value of {@code EVERTOKEN_CLIENTS_STOCKSERVICE_CLIENTSECRET} for the client
 * {@code stock-service}, but makes a second client of it too, {@code stockservice}: for
 * the keys of a map are whatever somebody writes.
 */
final class EnvironmentVariables {

	private static final int CLIENT = KnownProperties.CLIENTS.getNumberOfElements();

	private static final String PREFIX = "EVERTOKEN_CLIENTS_";

	/**
	 * The names of all properties of clients that are written elsewhere.
	 */
	private final Set<ConfigurationPropertyName> written = new LinkedHashSet<>();

	/**
	 * These clients, by their names as somebody has written them.
	 */
	private final Map<String, ConfigurationPropertyName> clients = new LinkedHashMap<>();

	private final Set<String> variables = new LinkedHashSet<>();

	EnvironmentVariables(Iterable<ConfigurationPropertySource> sources) {
		for (ConfigurationPropertySource source : sources) {
			if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource environment) {
				Stream.of(environment.getPropertyNames())
					.map((variable) -> variable.toUpperCase(Locale.ROOT))
					.filter((variable) -> variable.startsWith(PREFIX))
					.forEach(this.variables::add);
			}
			else if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream().filter(KnownProperties.CLIENTS::isAncestorOf).forEach(this::addWritten);
			}
		}
	}

	private void addWritten(ConfigurationPropertyName name) {
		this.written.add(name);
		this.clients.putIfAbsent(name.getElement(CLIENT, Form.ORIGINAL), name.chop(CLIENT + 1));
	}

	/**
	 * Tell whether a client, or an entry of one of its maps, is another name of what is
	 * written elsewhere.
	 */
	boolean isAlias(ConfigurationPropertyName name) {
		if (this.variables.isEmpty() || !KnownProperties.CLIENTS.isAncestorOf(name)) {
			return false;
		}
		if (name.getNumberOfElements() == CLIENT + 1) {
			return isAliasOfClient(name.getElement(CLIENT, Form.ORIGINAL));
		}
		return KnownProperties.isEntry(name) && this.written.stream().noneMatch((other) -> isSame(other, name))
				&& this.written.stream().anyMatch((other) -> forms(other).anyMatch(uniform(name)::equals));
	}

	private static boolean isSame(ConfigurationPropertyName left, ConfigurationPropertyName right) {
		int last = right.getNumberOfElements() - 1;
		return left.equals(right) && left.getElement(last, Form.ORIGINAL).equals(right.getElement(last, Form.ORIGINAL));
	}

	private boolean isAliasOfClient(String key) {
		if (this.clients.containsKey(key)) {
			return false;
		}
		List<String> below = this.variables.stream()
			.filter((variable) -> variable.startsWith(PREFIX + key.toUpperCase(Locale.ROOT) + "_"))
			.toList();
		return !below.isEmpty()
				&& below.stream().allMatch((variable) -> clientOf(variable, this.clients.values()) != null);
	}

	/**
	 * Return the clients whose names are one to Spring Boot, each with the other.
	 */
	Map<ConfigurationPropertyName, ConfigurationPropertyName> equalClients() {
		Map<ConfigurationPropertyName, ConfigurationPropertyName> first = new HashMap<>();
		Map<ConfigurationPropertyName, ConfigurationPropertyName> equal = new LinkedHashMap<>();
		this.clients.values().forEach((client) -> {
			ConfigurationPropertyName other = first.putIfAbsent(client, client);
			if (other != null) {
				equal.put(client, other);
			}
		});
		return equal;
	}

	/**
	 * Return the variables that are meant for a client, but belong to none of its
	 * properties, each with what is probably meant.
	 * @param names the names of all clients
	 */
	Map<String, String> unused(Collection<String> names) {
		List<ConfigurationPropertyName> all = names.stream()
			.map((name) -> this.clients.getOrDefault(name, KnownProperties.CLIENTS.append("[" + name + "]")))
			.toList();
		Map<String, String> unused = new TreeMap<>();
		this.variables.stream()
			.filter((variable) -> all.stream().noneMatch((client) -> isUsed(variable, client)))
			.forEach((variable) -> {
				ConfigurationPropertyName client = clientOf(variable, all);
				if (client != null) {
					unused.put(variable, meant(variable, client));
				}
			});
		return unused;
	}

	private static String meant(String variable, ConfigurationPropertyName client) {
		String rest = forms(client).filter((form) -> variable.startsWith(form + "_"))
			.map((form) -> variable.substring(form.length() + 1))
			.findFirst()
			.orElseThrow();
		RenamedProperty renamed = RenamedProperty.of(rest);
		String nearest = (renamed != null) ? renamed.newName()
				: NearestName.of(KnownProperties.ofClient().keySet(), rest);
		return (nearest != null) ? uniform(client.append(nearest)) : uniform(client) + "_...";
	}

	private static boolean isUsed(String variable, ConfigurationPropertyName client) {
		return KnownProperties.ofClient().entrySet().stream().anyMatch((property) -> {
			ConfigurationPropertyName name = client.append(property.getKey());
			if (property.getValue() == Kind.MAP) {
				return variable.startsWith(uniform(name) + "_");
			}
			String one = (property.getValue() == Kind.LIST) ? variable.replaceFirst("_\\d+$", "") : variable;
			return forms(name).anyMatch(one::equals);
		});
	}

	/**
	 * The longest name that fits is the one that is meant.
	 */
	private static @Nullable ConfigurationPropertyName clientOf(String variable,
			Collection<ConfigurationPropertyName> clients) {
		return clients.stream()
			.filter((client) -> forms(client).anyMatch((form) -> variable.startsWith(form + "_")))
			.max(Comparator.comparingInt((client) -> client.toString().length()))
			.orElse(null);
	}

	/**
	 * The names of a variable for which Spring Boot looks.
	 */
	private static Stream<String> forms(ConfigurationPropertyName name) {
		return Stream.of(uniform(name), variable(name, Form.ORIGINAL).replace('-', '_'));
	}

	private static String uniform(ConfigurationPropertyName name) {
		return variable(name, Form.UNIFORM);
	}

	private static String variable(ConfigurationPropertyName name, Form form) {
		return IntStream.range(0, name.getNumberOfElements())
			.mapToObj((i) -> name.getElement(i, form).toUpperCase(Locale.ROOT))
			.collect(Collectors.joining("_"));
	}

}
