package io.github.evertoken.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Counts the processor time of a benchmark's thread, and the calls that it paid for.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class CpuTime {

	private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	/**
	 * The processor time of an iteration.
	 */
	public long cpuNanos;

	/**
	 * The calls of an iteration.
	 */
	public long calls;

	private long start;

	/**
	 * Start to count.
	 */
	@Setup(Level.Iteration)
	public void start() {
		this.start = threads.getCurrentThreadCpuTime();
	}

	/**
	 * Stop counting.
	 */
	@TearDown(Level.Iteration)
	public void stop() {
		this.cpuNanos = threads.getCurrentThreadCpuTime() - this.start;
	}

}
