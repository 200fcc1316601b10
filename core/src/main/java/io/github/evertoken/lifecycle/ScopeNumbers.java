package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The scopes that the answers to one client have granted, each kept once: there may be
 * very many tokens, and few scopes. A token remembers which is its own in one byte.
 */
final class ScopeNumbers {

	/**
	 * The answer does not say, or there are more scopes than are told apart.
	 */
	static final byte NOT_SAID = 0;

	private static final int MOST = 127;

	// Guarded by this. The place in the list is one less than the number.
	private final List<Set<String>> scopes = new ArrayList<>();

	/**
	 * Return the number of a scope.
	 */
	synchronized byte number(@Nullable Set<String> scope) {
		if (scope == null) {
			return NOT_SAID;
		}
		int known = this.scopes.indexOf(scope);
		if (known < 0 && this.scopes.size() < MOST) {
			this.scopes.add(scope);
			known = this.scopes.size() - 1;
		}
		return (byte) (known + 1);
	}

	/**
	 * Return the scope that has a number, {@code null} if none is known.
	 */
	synchronized @Nullable Set<String> scope(byte number) {
		return (number != NOT_SAID) ? this.scopes.get(number - 1) : null;
	}

}
