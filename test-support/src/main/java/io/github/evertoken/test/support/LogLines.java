package io.github.evertoken.test.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * The lines that a part of the library writes, warnings and errors unless another level
 * is asked for, which go nowhere else meanwhile.
 */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final Logger logger;

	/**
	 * Listen from now on.
	 * @param name the name of the logger
	 */
	public LogLines(String name) {
		this(name, Level.WARN);
	}

	/**
	 * Listen from now on.
	 * @param name the name of the logger
	 * @param level the least level of what is written
	 */
	public LogLines(String name, Level level) {
		this.logger = (Logger) LoggerFactory.getLogger(name);
		this.logger.setLevel(level);
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
		start();
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.lines.add(event.getLevel() + " " + event.getFormattedMessage());
	}

	/**
	 * Return what was written.
	 * @param part a part of each line
	 * @return the lines, each after its level
	 */
	public List<String> with(String part) {
		return this.lines.stream().filter((line) -> line.contains(part)).toList();
	}

	/**
	 * Return what was written at one level.
	 * @param level the level
	 * @return the lines, without it
	 */
	public List<String> at(Level level) {
		String prefix = level + " ";
		return with("").stream()
			.filter((line) -> line.startsWith(prefix))
			.map((line) -> line.substring(prefix.length()))
			.toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

}
