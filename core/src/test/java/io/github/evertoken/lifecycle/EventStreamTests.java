package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.test.support.LogLines;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventStream}.
 */
class EventStreamTests {

	private final EventStream stream = new EventStream();

	private final List<TokenEvent> heard = new CopyOnWriteArrayList<>();

	@Test
	void listenWhenTheFirstEventsComeThenHearsAllOnAnotherThread() {
		List<String> threads = new CopyOnWriteArrayList<>();
		this.stream.listen((event) -> {
			threads.add(Thread.currentThread().getName());
			this.heard.add(event);
		});
		List<TokenEvent> events = List.of(event(1), event(2), event(3));
		events.forEach(this.stream::emit);
		Awaitility.await().untilAsserted(() -> assertThat(this.heard).isEqualTo(events));
		assertThat(threads).allMatch((thread) -> thread.startsWith("boundedElastic"));
	}

	@Tag("race")
	@Test
	void listenWhenTwoKeysEmitTheFirstEventsAtOnceThenHearsBoth() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			for (int round = 0; round < 500; round++) {
				EventStream stream = new EventStream();
				CountDownLatch both = new CountDownLatch(2);
				stream.listen((event) -> both.countDown());
				CyclicBarrier start = new CyclicBarrier(2);
				for (int key = 0; key < 2; key++) {
					int generation = key;
					executor.submit(() -> {
						start.await();
						stream.emit(event(generation));
						return null;
					});
				}
				assertThat(both.await(1, TimeUnit.MINUTES)).isTrue();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void listenWhenDisposedBeforeTheFirstEventThenHearsNothing() {
		List<TokenEvent> others = new CopyOnWriteArrayList<>();
		Disposable listening = this.stream.listen(this.heard::add);
		this.stream.listen(others::add);
		listening.dispose();
		assertThat(listening.isDisposed()).isTrue();
		this.stream.emit(event(1));
		Awaitility.await().untilAsserted(() -> assertThat(others).hasSize(1));
		assertThat(this.heard).isEmpty();
	}

	@Test
	void listenWhenDisposedAfterTheFirstEventThenHearsNoOther() {
		List<TokenEvent> others = new CopyOnWriteArrayList<>();
		Disposable listening = this.stream.listen(this.heard::add);
		this.stream.listen(others::add);
		this.stream.emit(event(1));
		Awaitility.await().untilAsserted(() -> assertThat(this.heard).hasSize(1));
		assertThat(listening.isDisposed()).isFalse();
		listening.dispose();
		assertThat(listening.isDisposed()).isTrue();
		this.stream.emit(event(2));
		Awaitility.await().untilAsserted(() -> assertThat(others).hasSize(2));
		assertThat(this.heard).hasSize(1);
	}

	@Test
	void completeWhenNobodyHasSubscribedYetThenLaterSubscribersEndAtOnce() {
		this.stream.listen(this.heard::add);
		this.stream.complete();
		this.stream.emit(event(1));
		assertThat(this.stream.flux().collectList().block(Duration.ofMinutes(1))).isEmpty();
		assertThat(this.heard).isEmpty();
	}

	@Test
	void completeWhenSomebodyHasSubscribedThenEndsAfterWhatWasEmitted() {
		var all = this.stream.flux().collectList().toFuture();
		this.stream.emit(event(1));
		this.stream.complete();
		assertThat(all).succeedsWithin(Duration.ofSeconds(10)).satisfies((events) -> assertThat(events).hasSize(1));
	}

	@Test
	void emitWhenAListenerThrowsThenTheOthersHearAllAndOneLineSaysWhichItIs() {
		try (LogLines log = new LogLines(EventStream.class.getName())) {
			this.stream.listen(new Throwing());
			this.stream.listen(this.heard::add);
			List<TokenEvent> events = List.of(event(1), event(2), event(3));
			events.forEach(this.stream::emit);
			Awaitility.await().untilAsserted(() -> assertThat(this.heard).isEqualTo(events));
			Awaitility.await().until(() -> !log.with("").isEmpty());
			assertThat(log.with("")).singleElement()
				.asString()
				.startsWith("ERROR A listener of the token events has failed")
				.contains(Throwing.class.getName());
		}
	}

	@Test
	@Timeout(600)
	void emitWhenAListenerBlocksThenNeitherTheEmitterNorTheOthersNotice() {
		CountDownLatch released = new CountDownLatch(1);
		try {
			this.stream.listen((event) -> awaitUninterruptibly(released));
			this.stream.listen(this.heard::add);
			for (int i = 1; i <= 3 * EventStream.BUFFER_SIZE; i++) {
				this.stream.emit(event(i));
				if (i % 256 == 0) {
					int emitted = i;
					Awaitility.await().until(() -> this.heard.size() == emitted);
				}
			}
		}
		finally {
			released.countDown();
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static final class Throwing implements Consumer<TokenEvent> {

		@Override
		public void accept(TokenEvent event) {
			throw new IllegalStateException("broken");
		}

	}

	private static TokenEvent event(long generation) {
		return new TokenEvent.Removed(TokenKey.of("inventory"), generation, TokenEvent.Trigger.APPLICATION,
				Instant.EPOCH, null);
	}

}
