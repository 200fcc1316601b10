package io.github.evertoken.benchmarks.harness;

import java.util.List;
import java.util.Map;

/**
 * Something that is measured in a JVM of its own, so that no contender inherits the
 * compiled code, the garbage or the threads of another. Implementations have a public
 * constructor without parameters.
 */
public interface Measurement {

	/**
	 * Measure.
	 * @param arguments what is to be measured, and how
	 * @return the value of each metric
	 * @throws Exception if it cannot be measured or the contender does wrong work
	 */
	Map<String, Double> measure(List<String> arguments) throws Exception;

}
