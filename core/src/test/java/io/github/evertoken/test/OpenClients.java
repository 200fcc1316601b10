package io.github.evertoken.test;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Closes the HTTP clients of a test class when it is over: each has threads and buffers
 * of its own, and all test classes share one process.
 */
public final class OpenClients implements TestExecutionListener {

	private static final Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();

	/**
	 * Close a client when the test class is over.
	 * @param client closes it
	 */
	public static void add(AutoCloseable client) {
		open.add(client);
	}

	@Override
	public void executionFinished(TestIdentifier test, TestExecutionResult result) {
		boolean topLevel = test.getSource().filter(ClassSource.class::isInstance).isPresent()
				&& test.getUniqueIdObject().getSegments().size() == 2;
		AutoCloseable client = topLevel ? open.poll() : null;
		while (client != null) {
			try {
				client.close();
			}
			catch (Exception ex) {
				// It goes with the process.
			}
			client = open.poll();
		}
	}

}
