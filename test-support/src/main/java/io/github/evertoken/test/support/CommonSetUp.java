package io.github.evertoken.test.support;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * What all tests have in common. Whatever is awaited is awaited for a minute: only what
 * never comes fails, not what comes late on a busy machine. {@code MockWebServer} says
 * nothing of connections on which nobody spoke HTTP, as some tests want it.
 */
public final class CommonSetUp implements TestExecutionListener {

	/**
	 * Kept, because the JDK holds its loggers weakly and would forget the level.
	 */
	private static final Logger LOGGER = Logger.getLogger("mockwebserver3.MockWebServer");

	@Override
	public void testPlanExecutionStarted(TestPlan testPlan) {
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
		LOGGER.setLevel(Level.OFF);
	}

}
