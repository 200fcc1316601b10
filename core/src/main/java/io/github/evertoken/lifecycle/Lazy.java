package io.github.evertoken.lifecycle;

import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What is made once, by whoever needs it first, because the start of an application need
 * not wait for it.
 *
 * @param <T> the type of what is made
 */
final class Lazy<T> {

	private final Supplier<T> factory;

	private volatile @Nullable T value;

	/**
	 * Make nothing yet.
	 * @param factory makes it; it must not ask for it
	 */
	Lazy(Supplier<T> factory) {
		this.factory = factory;
	}

	T get() {
		T value = this.value;
		return (value != null) ? value : made();
	}

	private synchronized T made() {
		T value = this.value;
		if (value == null) {
			value = this.factory.get();
			this.value = value;
		}
		return value;
	}

	/**
	 * Act on what was made. Who sets a volatile flag before, and is late for that, can
	 * rely on this: whoever makes it later sees the flag.
	 */
	void ifMade(Consumer<T> action) {
		T value = this.value;
		if (value != null) {
			action.accept(value);
		}
	}

}
