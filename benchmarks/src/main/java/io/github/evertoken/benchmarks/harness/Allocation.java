package io.github.evertoken.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.ThreadMXBean;

/**
 * Counts the bytes that all threads together allocate. Threads may begin meanwhile; of
 * one that ends, nothing is counted.
 */
public final class Allocation {

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Map<Long, Long> before = new HashMap<>();

	private Allocation() {
		long[] ids = threads.getAllThreadIds();
		long[] bytes = threads.getThreadAllocatedBytes(ids);
		for (int i = 0; i < ids.length; i++) {
			this.before.put(ids[i], bytes[i]);
		}
	}

	/**
	 * Start to count.
	 * @return the count
	 */
	public static Allocation start() {
		return new Allocation();
	}

	/**
	 * Return what has been allocated since the start.
	 * @return the bytes
	 */
	public long bytes() {
		long[] ids = threads.getAllThreadIds();
		long[] bytes = threads.getThreadAllocatedBytes(ids);
		long sum = 0;
		for (int i = 0; i < ids.length; i++) {
			sum += Math.max(0, bytes[i] - this.before.getOrDefault(ids[i], 0L));
		}
		return sum;
	}

}
