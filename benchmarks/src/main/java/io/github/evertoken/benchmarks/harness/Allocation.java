package io.github.evertoken.benchmarks.harness;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/**
 * Counts the bytes that all threads together allocate, and nothing of its own. Threads
 * may begin meanwhile; of one that ends, nothing is counted.
 */
public final class Allocation {

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final long[] ids = threads.getAllThreadIds();

	private final long[] before = threads.getThreadAllocatedBytes(this.ids);

	private final long ownBefore = threads.getCurrentThreadAllocatedBytes();

	private Allocation() {
	}

	/**
	 * Start to count.
	 * @return the count
	 */
	public static Allocation start() {
		return new Allocation();
	}

	/**
	 * Return what has been allocated since the start, which was made by the same thread.
	 * @return the bytes
	 */
	public long bytes() {
		long sum = threads.getCurrentThreadAllocatedBytes() - this.ownBefore;
		long own = Thread.currentThread().getId();
		for (long id : threads.getAllThreadIds()) {
			if (id != own) {
				sum += Math.max(0, threads.getThreadAllocatedBytes(id) - before(id));
			}
		}
		return sum;
	}

	private long before(long id) {
		for (int i = 0; i < this.ids.length; i++) {
			if (this.ids[i] == id) {
				return this.before[i];
			}
		}
		return 0;
	}

}
