package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Timer} and {@link Time}.
 */
class TimerTests {

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final Timer timer = Timer.of(this.time);

	private final List<Long> rung = new ArrayList<>();

	@Test
	@Tag("LC-1")
	void independentThenRunsTasksOnAThreadThatMayBlock() throws InterruptedException {
		AtomicReference<String> thread = new AtomicReference<>("");
		CountDownLatch done = new CountDownLatch(1);
		Timer.independent().after(1, () -> {
			thread.set(Thread.currentThread().getName());
			done.countDown();
		});
		assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
		assertThat(thread.get()).startsWith("boundedElastic");
	}

	@Test
	void independentWhenDisposedThenDoesNotRun() {
		Disposable disposed = Timer.independent().after(Duration.ofDays(1).toMillis(), () -> this.rung.add(0L));
		disposed.dispose();
		assertThat(this.rung).isEmpty();
	}

	@Test
	@Tag("LC-1")
	void afterWhenThereIsNoThreadThenAnotherSchedulersHasToDo() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		new Timer() {
			@Override
			Disposable start(long millis, Runnable task) {
				throw new RejectedExecutionException("no thread");
			}
		}.after(1, done::countDown);
		assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
	}

	@Test
	void afterThenRunsOnceWhenItIsTime() {
		this.timer.after(100, this::ring);
		Disposable other = this.timer.after(50, this::ring);
		this.timer.after(-1, this::ring);
		other.dispose();
		this.time.advanceTimeBy(Duration.ofSeconds(1));
		assertThat(this.rung).hasSize(2);
	}

	@Test
	void signalThenCompletesWhenItIsTimeAndIsCancelledWithItsSubscription() {
		TestSubscriber<Void> subscriber = TestSubscriber.create();
		ObservedScheduler observed = new ObservedScheduler(this.time);
		Timer.of(observed).signal(100).subscribe(subscriber);
		this.time.advanceTimeBy(Duration.ofMillis(99));
		assertThat(subscriber.isTerminated()).isFalse();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(subscriber.isTerminatedComplete()).isTrue();
		Timer.of(observed).signal(100).subscribe().dispose();
		assertThat(observed.timers()).hasSize(2).allMatch(Disposable::isDisposed);
	}

	@Test
	@Tag("LC-11")
	void timeWhenSomebodyMovesItThenIsAskedEachTime() {
		long[] clocks = { 7_999_999, 1000 };
		Time moved = Time.of(() -> Instant.ofEpochMilli(clocks[1]), () -> clocks[0]);
		assertThat(moved.nanos()).isEqualTo(7_999_999);
		assertThat(moved.mono()).isEqualTo(7);
		assertThat(moved.now()).isEqualTo(new Moment(7, 1000));
		assertThat(moved.wall(7)).isEqualTo(1000);
		clocks[1] = 2000;
		assertThat(moved.wall(7)).isEqualTo(2000);
	}

	@Test
	@Tag("LC-11")
	void timeWhenItIsTheSystemsThenTheWallClockIsReadOnceAMillisecond() {
		Time system = Time.system();
		long mono = system.mono();
		long wall = system.wall(mono);
		assertThat(wall).isCloseTo(System.currentTimeMillis(), Offset.offset(60_000L));
		while (System.currentTimeMillis() == wall) {
			Thread.onSpinWait();
		}
		assertThat(system.wall(mono)).isEqualTo(wall);
		assertThat(system.wall(mono + 1)).isGreaterThan(wall);
	}

	private void ring() {
		this.rung.add(this.time.now(TimeUnit.MILLISECONDS));
	}

}
