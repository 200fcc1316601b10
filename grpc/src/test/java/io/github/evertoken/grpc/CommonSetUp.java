package io.github.evertoken.grpc;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * What all tests have in common. Whatever is awaited is awaited for a minute: only what
 * never comes fails, not what comes late on a busy machine.
 */
public final class CommonSetUp implements TestExecutionListener {

	@Override
	public void testPlanExecutionStarted(TestPlan testPlan) {
		Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
	}

}
