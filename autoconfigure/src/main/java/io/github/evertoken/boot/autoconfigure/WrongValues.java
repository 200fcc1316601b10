package io.github.evertoken.boot.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.ClassUtils;

/**
 * Says what must stand where somebody has written something else.
 */
final class WrongValues {

	private WrongValues() {
	}

	/**
	 * Say what is wrong with a value that could not be converted. Text can always be, so
	 * that no secret is among them.
	 */
	static String problem(Bindable<?> target, @Nullable Object value, Exception error) {
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(target.getType().resolve(Object.class));
		if (type.isRecord()) {
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(error);
			return (cause instanceof IllegalArgumentException && type == DpopProperties.class)
					? String.valueOf(cause.getMessage()) : "must not have a value; its properties stand below it";
		}
		return "must be " + expected(type) + ((value != null) ? ", but is '" + value + "'" : "");
	}

	private static String expected(Class<?> type) {
		if (type.isEnum()) {
			return "one of " + Arrays.stream(type.getEnumConstants())
				.map((constant) -> nameOf((Enum<?>) constant))
				.collect(Collectors.joining(", "));
		}
		if (type == Duration.class) {
			return "a duration such as 5s or 500ms";
		}
		if (type == Boolean.class) {
			return "'true' or 'false'";
		}
		if (Number.class.isAssignableFrom(type)) {
			return (type == Double.class) ? "a number such as 0.8" : "a whole number";
		}
		return (type == URI.class) ? "a URI" : "of type " + type.getSimpleName();
	}

	/**
	 * The names of RFC 6749 and its relatives are written as they are there.
	 */
	private static String nameOf(Enum<?> constant) {
		String name = ClientAuthentications.nameOf(constant);
		return (constant instanceof GrantType || constant instanceof ClientAuthenticationMethod) ? name
				: name.replace('_', '-');
	}

}
