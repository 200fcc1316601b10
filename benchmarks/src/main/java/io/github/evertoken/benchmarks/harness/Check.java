package io.github.evertoken.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * Says that a contender did wrong work: a figure for it would be worth nothing.
 */
public final class Check {

	private Check() {
	}

	/**
	 * Require something of a contender.
	 * @param holds whether it holds
	 * @param complaint what is wrong if not, as a format
	 * @param arguments the format's arguments
	 * @throws IllegalStateException if it does not hold
	 */
	public static void that(boolean holds, String complaint, @Nullable Object... arguments) {
		if (!holds) {
			throw new IllegalStateException("Wrong work: " + complaint.formatted(arguments));
		}
	}

}
