package io.github.evertoken.test.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import reactor.core.publisher.Hooks;

/**
 * The errors that reach Reactor when nobody takes them any more, for as long as this is
 * open. Otherwise it logs them, with their stack traces.
 */
public final class DroppedErrors implements AutoCloseable {

	private final List<Throwable> errors = new CopyOnWriteArrayList<>();

	public DroppedErrors() {
		Hooks.onErrorDropped(this.errors::add);
	}

	/**
	 * Return them in the order in which they came.
	 */
	public List<Throwable> errors() {
		return this.errors;
	}

	@Override
	public void close() {
		Hooks.resetOnErrorDropped();
	}

}
