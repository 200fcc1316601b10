package io.github.evertoken.dashboard;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Browsers that look and nothing happens, and those that read nothing.
 */
class EventStreamsTests {

	private static final Duration NEVER = Duration.ofDays(1);

	private static final Duration SOON = Duration.ofMillis(5);

	private final EventRing ring = new EventRing();

	private final DashboardThread thread = new DashboardThread();

	private final Browser browser = new Browser(new EventMessages(this.ring, List.of()));

	private EventStreams streams;

	@AfterEach
	void end() {
		this.streams.stop();
		this.thread.destroy();
	}

	private void start(Duration beat, Duration stuck) {
		this.streams = new EventStreams(this.ring, this.thread, beat, stuck);
		this.streams.start();
		assertThat(this.streams.open(this.browser)).isTrue();
		this.browser.drain();
	}

	@Test
	void beatWhenNothingHappensThenIsWrittenAgainAndAgain() {
		start(SOON, NEVER);
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(this.browser.read()).startsWith("retry: ").endsWith(":\n\n:\n\n:\n\n"));
	}

	@Test
	void beatWhenABrowserTakesNothingForTooLongThenItIsLetGo() {
		this.browser.ready = false;
		start(SOON, Duration.ZERO);
		await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(this.streams.size()).isZero());
		assertThat(this.browser.isClosed()).isTrue();
		assertThat(this.browser.read()).isEmpty();
	}

	@Test
	void beatWhenABrowserIsSlowThenItsEventsWaitForIt() {
		this.browser.ready = false;
		start(SOON, NEVER);
		this.ring.add(DashboardEvent.of("test", Instant.EPOCH, "inventory"));
		this.streams.beat();
		assertThat(this.browser.read()).isEmpty();
		this.browser.ready = true;
		this.browser.drain();
		assertThat(this.browser.read()).startsWith("retry: ").containsOnlyOnce("\"type\":\"test\"");
	}

	@Test
	void stopWhenBrowsersLookThenAllAreLetGoAndNoneIsTaken() {
		start(NEVER, NEVER);
		this.streams.stop();
		assertThat(this.browser.isClosed()).isTrue();
		assertThat(this.streams.open(this.browser)).isFalse();
		assertThat(this.streams.size()).isZero();
	}

	private final class Browser extends EventStream {

		private final StringBuffer read = new StringBuffer();

		private volatile boolean ready = true;

		Browser(EventMessages messages) {
			super(messages, null);
		}

		String read() {
			return this.read.toString();
		}

		@Override
		protected boolean isReady() {
			return this.ready;
		}

		@Override
		protected void write(byte[] piece) {
			this.read.append(new String(piece, StandardCharsets.UTF_8));
		}

		@Override
		protected void end() {
			EventStreamsTests.this.streams.closed(this);
		}

	}

}
