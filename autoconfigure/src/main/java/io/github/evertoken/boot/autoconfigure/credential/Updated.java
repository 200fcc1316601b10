package io.github.evertoken.boot.autoconfigure.credential;

import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of a key that may be replaced at any time, and of whose replacement
 * somebody tells. A key that cannot be used leaves the last one in use.
 *
 * @param <T> what is made of it
 */
final class Updated<T> implements Supplier<T> {

	private static final Logger logger = LoggerFactory.getLogger(Updated.class);

	private final String name;

	private final Supplier<T> source;

	private volatile T current;

	/**
	 * Create what is made of a key.
	 * @param name what the log calls the key
	 * @param source makes it of the key that is there now
	 */
	Updated(String name, Supplier<T> source) {
		this.name = name;
		this.source = source;
		this.current = source.get();
	}

	@Override
	public T get() {
		return this.current;
	}

	/**
	 * Take the key that is there now.
	 */
	void update() {
		try {
			this.current = this.source.get();
			logger.info("{} has changed: the next token request is signed with its key", this.name);
		}
		catch (RuntimeException ex) {
			logger.warn("{} has changed, but cannot be used: it {}. The last one stays in use", this.name,
					(ex instanceof IllegalArgumentException) ? ex.getMessage()
							: "fails with " + ex.getClass().getName());
		}
	}

	@Override
	public String toString() {
		return "Updated[" + this.name + "]";
	}

}
