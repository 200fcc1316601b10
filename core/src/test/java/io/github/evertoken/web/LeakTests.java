package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.evertoken.test.support.TestWebClients;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets Netty's leak detector watch every buffer of Reactor Netty.
 */
@Tag("RJ-5")
@Tag("RJ-7")
class LeakTests extends LeakScenarios {

	private static final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

	private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

	private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

	/**
	 * What other tests have left in this JVM, some of which break a connection, is not
	 * looked for here.
	 */
	@BeforeAll
	static void forgetWhatIsThere() {
		logger.setLevel(Level.OFF);
		collect();
		logger.setLevel(null);
	}

	@BeforeEach
	void watch() {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		this.reports.list = new CopyOnWriteArrayList<>();
		this.reports.start();
		logger.setLevel(Level.ERROR);
		logger.setAdditive(false);
		logger.addAppender(this.reports);
	}

	@AfterEach
	void restore() {
		logger.detachAppender(this.reports);
		logger.setLevel(null);
		logger.setAdditive(true);
		ResourceLeakDetector.setLevel(this.level);
	}

	@Override
	WebClient.Builder watched() {
		return TestWebClients.builder(1);
	}

	@Override
	void assertThatNothingLeaks() {
		assertThat(reports()).isEmpty();
	}

	/**
	 * What is on its way when a call ends has a while to be released, or to leak.
	 */
	private List<String> reports() {
		collect();
		return reported();
	}

	private static void collect() {
		for (int i = 0; i < 5; i++) {
			System.gc();
			Mono.delay(Duration.ofMillis(80)).block();
			probe();
		}
	}

	/**
	 * A leak is found when its buffer has been collected and another one is allocated.
	 */
	private static void probe() {
		ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(16);
		probe.release();
	}

	private List<String> reported() {
		return this.reports.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	@Test
	void reportsWhenABufferIsNotReleasedThenNameIt() {
		leak();
		System.gc();
		Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
			probe();
			assertThat(reported()).isNotEmpty();
		});
	}

	private static void leak() {
		for (int i = 0; i < TIMES; i++) {
			PooledByteBufAllocator.DEFAULT.directBuffer(1000);
		}
	}

}
