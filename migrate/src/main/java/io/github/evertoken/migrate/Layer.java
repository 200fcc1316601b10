package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * What is in effect under one condition: the documents that have it, above those that
 * always are.
 *
 * @param condition the condition
 * @param own the documents that have it, the strongest first
 * @param documents these and all that are always in effect, the strongest first
 */
record Layer(Condition condition, List<ConfigurationDocument> own, List<ConfigurationDocument> documents) {

	static final ConfigurationPropertyName CLIENT = ConfigurationPropertyName.of("spring.security.oauth2.client");

	static final ConfigurationPropertyName REGISTRATION = CLIENT.append("registration");

	static final ConfigurationPropertyName PROVIDER = CLIENT.append("provider");

	/**
	 * Put documents above each other.
	 * @param documents all documents, the weakest first
	 * @return the layers, the one that is always there first
	 */
	static List<Layer> of(List<ConfigurationDocument> documents) {
		Map<Condition, List<ConfigurationDocument>> byCondition = new LinkedHashMap<>();
		byCondition.put(Condition.ALWAYS, new ArrayList<>());
		documents
			.forEach((document) -> byCondition.computeIfAbsent(document.condition(), (condition) -> new ArrayList<>())
				.add(document));
		byCondition.values().forEach(Collections::reverse);
		List<ConfigurationDocument> always = Objects.requireNonNull(byCondition.get(Condition.ALWAYS));
		List<Layer> layers = new ArrayList<>();
		byCondition.forEach((condition, own) -> {
			List<ConfigurationDocument> all = new ArrayList<>(own);
			if (!condition.isAlways()) {
				all.addAll(always);
			}
			layers.add(new Layer(condition, List.copyOf(own), List.copyOf(all)));
		});
		return layers;
	}

	Map<String, Registration> registrations() {
		return bind(REGISTRATION, Registration.class);
	}

	Map<String, Provider> providers() {
		return bind(PROVIDER, Provider.class);
	}

	private <T> Map<String, T> bind(ConfigurationPropertyName name, Class<T> type) {
		try {
			return new Binder(sources()).bind(name, Bindable.mapOf(String.class, type)).orElseGet(Map::of);
		}
		catch (BindException ex) {
			throw new UnreadableException(place(ex.getName()),
					ex.getName() + " has a value where other properties should be, or one of the wrong type");
		}
	}

	/**
	 * Return the value of a property as it is written, or {@code null} if it is not set.
	 */
	@Nullable String value(String name) {
		try {
			return new Binder(sources()).bind(name, String.class).orElse(null);
		}
		catch (BindException ex) {
			return null;
		}
	}

	/**
	 * Tell whether there is a property, or one below it.
	 */
	boolean has(ConfigurationPropertyName name) {
		return find(isAtOrBelow(name)) != null;
	}

	/**
	 * Tell whether something is set below a key.
	 */
	boolean has(ConfigurationPropertyName parent, String key) {
		return find((name) -> isOf(parent, key, name)) != null;
	}

	/**
	 * Return where a property stands, or the first one below it.
	 */
	Place place(ConfigurationPropertyName name) {
		return Objects.requireNonNullElseGet(find(isAtOrBelow(name)), this::anywhere);
	}

	/**
	 * Return where the first property below a key stands.
	 */
	Place place(ConfigurationPropertyName parent, String key) {
		return Objects.requireNonNullElseGet(find((name) -> isOf(parent, key, name)), this::anywhere);
	}

	private Place anywhere() {
		return Place.of(this.documents.isEmpty() ? "." : this.documents.get(0).file());
	}

	/**
	 * Tell whether a property is below a key as it is written: names of registrations are
	 * not relaxed.
	 */
	static boolean isOf(ConfigurationPropertyName parent, String key, ConfigurationPropertyName name) {
		return parent.isAncestorOf(name)
				&& name.getElement(parent.getNumberOfElements(), ConfigurationPropertyName.Form.ORIGINAL).equals(key);
	}

	private static Predicate<ConfigurationPropertyName> isAtOrBelow(ConfigurationPropertyName name) {
		return (property) -> property.equals(name) || name.isAncestorOf(property);
	}

	private @Nullable Place find(Predicate<ConfigurationPropertyName> predicate) {
		for (ConfigurationDocument document : this.documents) {
			Place place = document.properties()
				.stream()
				.filter(predicate)
				.map(document.properties()::getConfigurationProperty)
				.filter(Objects::nonNull)
				.map(document::place)
				.min(Place::compareTo)
				.orElse(null);
			if (place != null) {
				return place;
			}
		}
		return null;
	}

	private List<ConfigurationPropertySource> sources() {
		return this.documents.stream().<ConfigurationPropertySource>map(ConfigurationDocument::properties).toList();
	}

}
