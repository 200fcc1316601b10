package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/**
 * Knows the names of all properties, and for a wrong name the nearest right one.
 */
final class KnownProperties {

	static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("evertoken");

	static final ConfigurationPropertyName CLIENTS = PREFIX.append("clients");

	/**
	 * Stands for the number of an element of a list, in the names of what is below it.
	 */
	private static final String NUMBER = "[n]";

	private KnownProperties() {
	}

	/**
	 * Return the properties of a client by their dashed names, and what may stand below
	 * each.
	 */
	static Map<String, Kind> ofClient() {
		return Names.ofClient;
	}

	/**
	 * Return the name of the client that a property belongs to, as somebody has written
	 * it.
	 * @return the name, or {@code null} if it belongs to none
	 */
	static @Nullable String clientOf(ConfigurationPropertyName name) {
		return CLIENTS.isAncestorOf(name) ? name.getElement(CLIENTS.getNumberOfElements(), Form.ORIGINAL) : null;
	}

	static boolean contain(ConfigurationPropertyName name) {
		return CLIENTS.isAncestorOf(name) ? isOfClient(below(name, CLIENTS.getNumberOfElements() + 1))
				: contain(Names.ofAll, below(name, PREFIX.getNumberOfElements()));
	}

	/**
	 * Tell whether a property is an entry of a map of a client, whose name is whatever
	 * somebody writes.
	 */
	static boolean isEntry(ConfigurationPropertyName name) {
		List<String> elements = below(name, CLIENTS.getNumberOfElements() + 1);
		return Names.ofClient.entrySet()
			.stream()
			.anyMatch((known) -> known.getValue() == Kind.MAP && contain(Map.of(known.getKey(), Kind.MAP), elements)
					&& !contain(Map.of(known.getKey(), Kind.VALUE), elements));
	}

	private static boolean isOfClient(List<String> name) {
		return contain(Names.ofClient, name);
	}

	private static boolean contain(Map<String, Kind> names, List<String> name) {
		return names.entrySet().stream().anyMatch((known) -> {
			List<String> elements = List.of(known.getKey().split("\\."));
			int more = name.size() - elements.size();
			return more >= 0 && known.getValue().allows(more)
					&& IntStream.range(0, elements.size()).allMatch((i) -> isSame(elements.get(i), name.get(i)));
		});
	}

	private static boolean isSame(String known, String name) {
		return known.equals(NUMBER) ? name.chars().allMatch(Character::isDigit)
				: NearestName.plain(known).equals(NearestName.plain(name));
	}

	/**
	 * Return the nearest name to one that there is not: what stands below the client if
	 * that is where it is wrong, else the whole name.
	 * @return the name, or {@code null} if none is near
	 */
	static @Nullable String nearestTo(ConfigurationPropertyName name) {
		if (CLIENTS.isAncestorOf(name)) {
			return nearest(Names.ofClient, below(name, CLIENTS.getNumberOfElements() + 1));
		}
		List<String> all = below(name, PREFIX.getNumberOfElements());
		List<String> rest = all.subList(1, all.size());
		if (isOfClient(rest)) {
			return CLIENTS + "." + String.join(".", all);
		}
		if (!rest.isEmpty() && NearestName.isNear("clients", all.get(0))) {
			List<String> property = rest.subList(1, rest.size());
			String nearest = isOfClient(property) ? String.join(".", property) : nearest(Names.ofClient, property);
			return CLIENTS + "." + rest.get(0) + ((nearest != null) ? "." + nearest : "");
		}
		String nearest = nearest(Names.ofAll, all);
		return (nearest != null) ? (PREFIX + "." + nearest).replace(".[", "[") : null;
	}

	/**
	 * Say how a client is written whose name has a dot in it, if it may be that which is
	 * wrong with a name.
	 * @return the sentence, or {@code null} if no such client makes it right
	 */
	static @Nullable String withDottedClient(ConfigurationPropertyName name) {
		if (!CLIENTS.isAncestorOf(name)) {
			return null;
		}
		int first = CLIENTS.getNumberOfElements();
		for (int i = first + 2; i < name.getNumberOfElements(); i++) {
			List<String> property = below(name, i);
			if (isOfClient(property)) {
				String client = IntStream.range(first, i)
					.mapToObj((element) -> name.getElement(element, Form.ORIGINAL))
					.collect(Collectors.joining("."));
				return " A client called '" + client + "' is written with brackets, as " + CLIENTS + "[" + client + "]."
						+ String.join(".", property);
			}
		}
		return null;
	}

	/**
	 * Return the property of a client that had a name.
	 * @return the property, or {@code null} if none had it
	 */
	static @Nullable RenamedProperty renamed(ConfigurationPropertyName name) {
		return CLIENTS.isAncestorOf(name)
				? RenamedProperty.of(String.join(".", below(name, CLIENTS.getNumberOfElements() + 1))) : null;
	}

	private static @Nullable String nearest(Map<String, Kind> names, List<String> name) {
		return name.isEmpty() ? null : NearestName.of(names.keySet(), String.join(".", name));
	}

	private static List<String> below(ConfigurationPropertyName name, int start) {
		return IntStream.range(start, name.getNumberOfElements())
			.mapToObj((i) -> name.getElement(i, Form.DASHED))
			.toList();
	}

	private static Map<String, Kind> names(Class<?> type) {
		Map<String, Kind> names = new LinkedHashMap<>();
		Arrays.stream(type.getRecordComponents()).forEach((component) -> {
			String name = DataObjectPropertyName.toDashedForm(component.getName());
			if (component.getType().isRecord()) {
				names(component.getType()).forEach((nested, kind) -> names.put(name + "." + nested, kind));
			}
			else {
				names.put(name, Kind.of(component));
				Class<?> element = ResolvableType.forType(component.getGenericType())
					.asCollection()
					.getGeneric()
					.resolve(Object.class);
				if (element.isRecord()) {
					names(element).forEach((nested, kind) -> names.put(name + "." + NUMBER + "." + nested, kind));
				}
			}
		});
		return names;
	}

	/**
	 * What may stand below a property.
	 */
	enum Kind {

		/**
		 * Nothing.
		 */
		VALUE,

		/**
		 * The numbers of its elements.
		 */
		LIST,

		/**
		 * Whatever somebody writes.
		 */
		MAP;

		boolean allows(int moreElements) {
			return switch (this) {
				case VALUE -> moreElements == 0;
				case LIST -> moreElements <= 1;
				case MAP -> true;
			};
		}

		private static Kind of(RecordComponent component) {
			if (Map.class.isAssignableFrom(component.getType())) {
				return MAP;
			}
			return Collection.class.isAssignableFrom(component.getType()) ? LIST : VALUE;
		}

	}

	/**
	 * They are wanted when something is wrong, or when environment variables name
	 * clients. A start without either does not pay for them.
	 */
	private static final class Names {

		private static final Map<String, Kind> ofClient = names(ClientProperties.class);

		private static final Map<String, Kind> ofAll = names(EvertokenProperties.class);

	}

}
