package io.github.evertoken.benchmarks.fleet;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Keeps ten thousand replicas from warning of the same trouble, each in its own log.
 */
final class QuietLogs implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.evertoken");

	private final @Nullable Level before = this.logger.getLevel();

	QuietLogs() {
		this.logger.setLevel(Level.ERROR);
	}

	@Override
	public void close() {
		this.logger.setLevel(this.before);
	}

}
