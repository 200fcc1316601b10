package io.github.evertoken.migrate;

import com.sun.source.tree.MethodTree;
import org.jspecify.annotations.Nullable;

/**
 * Where in the code something stands.
 *
 * @param type the class around it
 * @param method the method around it, or {@code null} if there is none
 */
record Scope(SourceType type, @Nullable MethodTree method) {

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
