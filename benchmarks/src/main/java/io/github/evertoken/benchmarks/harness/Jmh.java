package io.github.evertoken.benchmarks.harness;

import java.util.Map;
import java.util.Objects;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs one JMH benchmark for one contender: 8 seconds of warm-up, of which Spring
 * Security needs most, and 5 measured ones.
 */
public final class Jmh {

	/**
	 * Nanoseconds a call, as JMH measures it.
	 */
	public static final String TIME = "ns";

	/**
	 * Nanoseconds of processor time a call, of the calling thread. It stays the same when
	 * the machine is busy with something else.
	 */
	public static final String CPU = "cpuNs";

	/**
	 * Bytes allocated a call, of all threads.
	 */
	public static final String BYTES = "bytes";

	private Jmh() {
	}

	/**
	 * Run a benchmark.
	 * @param settings how the run is made
	 * @param type the class of the benchmark, which has a {@link CpuTime} and a parameter
	 * named {@code contender}
	 * @param method its method
	 * @param contender the contender
	 * @param threads how many threads call
	 * @return {@link #TIME}, {@link #CPU} and {@link #BYTES}
	 * @throws RunnerException if the benchmark fails
	 */
	public static Map<String, Double> run(Settings settings, Class<?> type, String method, Enum<?> contender,
			int threads) throws RunnerException {
		ChainedOptionsBuilder options = new OptionsBuilder()
			.include("^" + type.getName().replace(".", "\\.") + "\\." + method + "$")
			.param("contender", contender.name())
			.threads(threads)
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.jvmArgs(Fork.JVM_OPTIONS.toArray(String[]::new))
			.verbosity(VerboseMode.SILENT);
		if (settings.brief()) {
			options.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50));
		}
		else {
			options.forks(1)
				.warmupIterations(8)
				.warmupTime(TimeValue.seconds(1))
				.measurementIterations(5)
				.measurementTime(TimeValue.seconds(1));
		}
		return metrics(new Runner(options.build()).runSingle());
	}

	private static Map<String, Double> metrics(RunResult result) {
		return Map.of(TIME, result.getPrimaryResult().getScore(), CPU,
				secondary(result, "cpuNanos") / secondary(result, "calls"), BYTES,
				secondary(result, "gc.alloc.rate.norm"));
	}

	private static double secondary(RunResult result, String name) {
		return Objects.requireNonNull(result.getSecondaryResults().get(name), name).getScore();
	}

}
