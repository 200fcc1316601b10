package io.github.evertoken.service;

import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.web.TokenAttributes;

import org.springframework.core.ResolvableType;

/**
 * What an argument of a call can say of its token.
 */
enum TokenArgument {

	/**
	 * On whose behalf the call is made.
	 */
	SUBJECT(TokenSubject.class, "a String") {

		@Override
		boolean accepts(ResolvableType type) {
			return type.resolve() == String.class;
		}

		@Override
		Consumer<Map<String, Object>> attribute(Object argument) {
			return TokenAttributes.subject((String) argument);
		}

	},

	/**
	 * With which scope.
	 */
	SCOPE(TokenScope.class, "a String, a String[] or a Collection<String>") {

		@Override
		boolean accepts(ResolvableType type) {
			Class<?> raw = type.resolve(Object.class);
			return raw == String.class || raw == String[].class || (Collection.class.isAssignableFrom(raw)
					&& type.as(Collection.class).getGeneric(0).resolve() == String.class);
		}

		@Override
		Consumer<Map<String, Object>> attribute(Object argument) {
			if (argument instanceof String scope) {
				return TokenAttributes.scope(scope);
			}
			return TokenAttributes.scope((argument instanceof String[] scope) ? scope
					: ((Collection<?>) argument).stream().map(String.class::cast).toArray(String[]::new));
		}

	},

	/**
	 * How long it may take.
	 */
	EXPECTED_DURATION(ExpectedDuration.class, "a java.time.Duration") {

		@Override
		boolean accepts(ResolvableType type) {
			return type.resolve() == Duration.class;
		}

		@Override
		Consumer<Map<String, Object>> attribute(Object argument) {
			return TokenAttributes.expectedDuration((Duration) argument);
		}

	};

	private final Class<? extends Annotation> annotation;

	private final String accepted;

	TokenArgument(Class<? extends Annotation> annotation, String accepted) {
		this.annotation = annotation;
		this.accepted = accepted;
	}

	/**
	 * Return the annotation of such a parameter.
	 */
	Class<? extends Annotation> annotation() {
		return this.annotation;
	}

	/**
	 * Return what such a parameter may be, in words.
	 */
	String accepted() {
		return this.accepted;
	}

	/**
	 * Tell whether a parameter may be of a type.
	 */
	abstract boolean accepts(ResolvableType type);

	/**
	 * Return what an argument changes in the attributes of the request.
	 * @param argument the argument, of a type that is accepted
	 * @throws IllegalArgumentException if the argument makes no sense
	 */
	abstract Consumer<Map<String, Object>> attribute(Object argument);

}
