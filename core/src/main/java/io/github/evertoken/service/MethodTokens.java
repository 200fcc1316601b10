package io.github.evertoken.service;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.web.service.invoker.HttpRequestValues;

/**
 * What the calls of one method say of their tokens.
 *
 * @param name the method, as messages name it
 * @param client the client whose token they carry, {@code null} if their URL decides
 * @param ofGroup whether it is the client of the group, and no annotation names it
 * @param attributes what each call says, whatever its arguments
 * @param arguments what the arguments say, by their index
 * @param ownArguments those arguments that say nothing else, so that nobody else has a
 * use for them
 * @param elsewhere whether calls may go elsewhere than to the base URL
 */
record MethodTokens(String name, @Nullable String client, boolean ofGroup,
		@Nullable Consumer<Map<String, Object>> attributes, Map<Integer, TokenArgument> arguments,
		Set<Integer> ownArguments, boolean elsewhere) {

	/**
	 * Tell whether the method leaves it to its URL which token its calls carry.
	 */
	boolean isSilent() {
		return this.attributes == null && this.arguments.isEmpty();
	}

	/**
	 * Tell whether another interface says the same of a method that both inherit.
	 */
	boolean saysTheSameAs(MethodTokens other) {
		return said().equals(other.said());
	}

	private Map<String, Object> said() {
		Map<String, Object> said = new HashMap<>();
		if (this.attributes != null) {
			this.attributes.accept(said);
		}
		return said;
	}

	/**
	 * Say it of one call.
	 * @param arguments the arguments of the call
	 * @param values the request of the call
	 * @throws IllegalArgumentException if an argument is {@code null} or makes no sense
	 */
	void addTo(HttpRequestValues.Builder values, @Nullable Object[] arguments) {
		if (this.attributes != null) {
			values.configureAttributes(this.attributes);
		}
		this.arguments
			.forEach((index, argument) -> values.configureAttributes(attribute(argument, index, arguments[index])));
	}

	/**
	 * No more than its name.
	 */
	@Override
	public String toString() {
		return this.name;
	}

	private Consumer<Map<String, Object>> attribute(TokenArgument argument, int index, @Nullable Object value) {
		try {
			if (value == null) {
				throw new IllegalArgumentException("it is null");
			}
			return argument.attribute(value);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Argument " + (index + 1) + " of " + this.name + ", which is its @"
					+ argument.annotation().getSimpleName() + ", makes no sense: " + ex.getMessage(), ex);
		}
	}

}
