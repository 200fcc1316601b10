package io.github.evertoken.migrate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.sun.source.tree.MethodTree;
import org.jspecify.annotations.Nullable;

/**
 * Where in the code something stands.
 *
 * @param type the class around it
 * @param method the method around it, or {@code null} if there is none
 * @param arguments what the method is called with, as far as this is about one call
 */
record Scope(SourceType type, @Nullable MethodTree method, Map<String, Text> arguments) {

	Scope(SourceType type, @Nullable MethodTree method) {
		this(type, method, Map.of());
	}

	/**
	 * Return the same place in one call of its method.
	 */
	Scope calledWith(List<Text> values) {
		Map<String, Text> arguments = new HashMap<>();
		MethodTree method = Objects.requireNonNull(this.method);
		for (int i = 0; i < values.size(); i++) {
			arguments.put(method.getParameters().get(i).getName().toString(), values.get(i));
		}
		return new Scope(this.type, this.method, arguments);
	}

	SourceFile file() {
		return this.type.file();
	}

	/**
	 * Tell whether another place is in the same method.
	 */
	boolean isSameMethod(Scope other) {
		return this.type == other.type && this.method == other.method;
	}

}
