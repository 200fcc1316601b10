package io.github.evertoken.dashboard;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;

/**
 * The one thread that tells browsers what happens, so that those threads do not on which
 * it does. It begins with the first task, and nothing that it is given blocks it.
 */
final class DashboardThread implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(DashboardThread.class);

	private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "evertoken-dashboard");
		thread.setDaemon(true);
		return thread;
	});

	void execute(Runnable task) {
		schedule(task, Duration.ZERO);
	}

	/**
	 * Run a task once. After the end nothing is run, and nobody needs it.
	 */
	void schedule(Runnable task, Duration delay) {
		try {
			this.executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The application ends", ex);
		}
	}

	private static Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				logger.warn("The page could not be told what happens", ex);
			}
		};
	}

	@Override
	public void destroy() {
		this.executor.shutdownNow();
	}

}
