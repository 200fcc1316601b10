package io.github.evertoken.benchmarks.harness;

import java.util.List;

/**
 * One table of the performance page.
 */
public interface Table extends AutoCloseable {

	/**
	 * Return what it is about.
	 * @return the title
	 */
	String title();

	/**
	 * Return what has to be known to read it.
	 * @return a paragraph
	 */
	String explanation();

	/**
	 * Return how many rounds make sense where nobody says otherwise.
	 * @return the number of rounds
	 */
	int rounds();

	/**
	 * Return what is compared.
	 * @return the comparisons
	 */
	List<Comparison> comparisons();

	/**
	 * Do what is to be done with the figures beside printing them.
	 * @throws Exception if that fails
	 */
	default void finish() throws Exception {
	}

	@Override
	default void close() {
	}

}
