package io.github.evertoken.boot.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Groups of properties none of which is set. They are immutable, so that all clients have
 * the same ones.
 */
final class Defaults {

	private static final ClassValue<Object> groups = new ClassValue<>() {

		@Override
		protected Object computeValue(Class<?> type) {
			return new Binder().bindOrCreate("unset", Bindable.of(type));
		}

	};

	private Defaults() {
	}

	/**
	 * Return a group of properties, or that of the defaults if none of it is set.
	 */
	static <T> T unless(@Nullable T group, Class<T> type) {
		return (group != null) ? group : type.cast(groups.get(type));
	}

}
