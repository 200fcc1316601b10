package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.evertoken.boot.autoconfigure.properties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.properties.DpopProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Says what must stand where somebody has written something else.
 */
final class WrongValues {

	static final String NO_VALUE = "has no value; give it one, or remove it";

	private static final Duration NEEDS_UNIT = Duration.ofMillis(50);

	private static final Pattern NUMBER = Pattern.compile("\\s*\\+?\\d+\\s*");

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^${}:]+)[^${}]*}");

	private static final String ESCAPED = "\\${";

	private final Environment environment;

	WrongValues(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Say what is wrong with a value that could be converted.
	 * @param written what somebody has written
	 * @param value what it was converted to
	 * @return the problem, or {@code null} if there is none
	 */
	@Nullable String problem(Object written, Object value) {
		String unresolved = unresolved(written, text(value));
		if (unresolved != null) {
			return unresolved;
		}
		String text = resolve(written);
		if (value instanceof Duration duration && duration.compareTo(NEEDS_UNIT) < 0 && !duration.isZero()
				&& NUMBER.matcher(text).matches()) {
			return "is '" + text + "' without a unit, which is " + duration.toMillis() + " ms; write " + text.strip()
					+ "s, or " + text.strip() + "ms if that is what it is to be";
		}
		return null;
	}

	private static String text(Object value) {
		return (value instanceof CharSequence || value instanceof Collection) ? value.toString() : "";
	}

	/**
	 * A placeholder that nobody has resolved would be sent as it is.
	 */
	private static @Nullable String unresolved(Object written, String resolved) {
		return written.toString().contains(ESCAPED) ? null : unresolved(resolved);
	}

	/**
	 * Say which variable a text lacks.
	 * @return the problem, or {@code null} if there is no placeholder in the text
	 */
	static @Nullable String unresolved(String text) {
		Matcher matcher = PLACEHOLDER.matcher(text);
		if (!matcher.find()) {
			return null;
		}
		String variable = matcher.group(1);
		return "refers to ${" + variable + "}, but there is no " + variable + "; set it, give it a default as in ${"
				+ variable + ":...}, or write \\${ where a value is to have ${ in it";
	}

	private String resolve(Object written) {
		return this.environment.resolvePlaceholders(written.toString());
	}

	/**
	 * Say what is wrong with a value that could not be converted. Text can always be, so
	 * that no secret is among them.
	 */
	String problem(Bindable<?> target, @Nullable Object written, Exception error) {
		String unresolved = (written != null) ? unresolved(written, resolve(written)) : null;
		if (unresolved != null) {
			return unresolved;
		}
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(target.getType().resolve(Object.class));
		if (type.isRecord()) {
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(error);
			return (cause instanceof IllegalArgumentException && type == DpopProperties.class)
					? String.valueOf(cause.getMessage()) : "must not have a value; its properties stand below it";
		}
		if (written != null && written.toString().isBlank()) {
			return NO_VALUE;
		}
		return "must be " + expected(type) + ((written != null) ? ", but is '" + resolve(written) + "'" : "");
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
		String name = constant.name().toLowerCase(Locale.ROOT);
		return (constant instanceof GrantType || constant instanceof ClientAuthenticationMethod) ? name
				: name.replace('_', '-');
	}

}
