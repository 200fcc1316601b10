
package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.test.support.DroppedErrors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for those who wait and are woken: none of them keeps another one from it.
 */
class WakingTests extends LifecycleFixture {

	@Test
	@Tag("LC-13")
	void putWhenOneWhoWaitsForItBlocksThenTheOthersGoOn() {
		ScriptedIssuer issuer = new ScriptedIssuer().thenRefuse();
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer).awaitSignIn(Duration.ofMinutes(1)).build())
			.build();
		CountDownLatch released = new CountDownLatch(1);
		List<String> woken = new CopyOnWriteArrayList<>();
		try {
			manager.token(ALICE).map((token) -> await(released, token)).subscribe();
			Awaitility.await().until(() -> manager.lifecycle(ALICE).client().signIns().size() == 1);
			IntStream.range(0, 20).forEach((i) -> manager.token(ALICE).subscribe((token) -> woken.add(token.value())));
			Thread putting = new Thread(
					() -> manager.put(ALICE, TokenSet.withAccessToken("login").build()).subscribe());
			putting.start();
			Awaitility.await().until(() -> woken.size() == 20);
		}
		finally {
			released.countDown();
			manager.close();
		}
	}

	private static AccessToken await(CountDownLatch latch, AccessToken token) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return token;
	}

	@Test
	@Tag("LC-13")
	void wakeWhenOneWhoWaitsThrowsThenTheOthersGoOn() {
		var answer = answerLater();
		this.manager.token(ALICE).subscribe(new BaseSubscriber<AccessToken>() {
			@Override
			protected void hookOnNext(AccessToken value) {
				throw new NoClassDefFoundError("broken");
			}
		});
		List<TestSubscriber<AccessToken>> others = callers(100, ALICE);
		try (DroppedErrors dropped = new DroppedErrors()) {
			answer.tryEmitValue(this.issuer.nextToken().build());
			advance(Duration.ZERO);
			assertThat(dropped.errors()).singleElement().isInstanceOf(NoClassDefFoundError.class);
		}
		assertThat(others).allSatisfy((other) -> assertThat(valueOf(other)).isEqualTo("t1"));
	}

	@Test
	@Tag("LC-13")
	void wakeWhenManyWaitThenBeginInTheOrderOfTheirArrival() {
		var answer = answerLater();
		List<Integer> order = new ArrayList<>();
		IntStream.range(0, 200).forEach((i) -> this.manager.token(ALICE).subscribe((token) -> order.add(i)));
		advance(Duration.ZERO);
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(order).hasSize(200).isSorted();
	}

	@Test
	@Tag("LC-2")
	void occupancyWhenACallerGoesWhileItIsToldThenIsCountedOnce() {
		ObservedScheduler observed = useObserved();
		TokenLifecycle key = lifecycle(ALICE);
		Flight flight = key.prepare(key.state(), Trigger.REJECTION, key.now());
		TestSubscriber<HeldToken> leaving = TestSubscriber.create();
		new Waiter(flight, Long.MAX_VALUE, Trigger.USE).subscribe(leaving);
		observed.hold();
		flight.room().tell(new TransientTokenException(key.key(), "down", null));
		leaving.cancel();
		observed.release();
		new Waiter(flight, Long.MAX_VALUE, Trigger.USE).subscribe(TestSubscriber.create());
		assertThat(flight.isAwaited()).isTrue();
	}

	@Test
	@Tag("LC-13")
	void allThenBeginInTheOrderOfTheirArrival() {
		List<Integer> woken = new ArrayList<>();
		Queue<Integer> queue = numbers(1000);
		waking(this.time).all(queue, woken::add);
		assertThat(woken).containsExactlyElementsOf(numbers(1000));
		assertThat(queue).isEmpty();
	}

	@Test
	@Tag("LC-1")
	@Tag("LC-13")
	void allWhenTheSchedulerHasNoThreadThenAreWokenHere() {
		ObservedScheduler observed = new ObservedScheduler(this.time);
		observed.shutDown();
		List<Integer> woken = new ArrayList<>();
		waking(observed).all(numbers(100), woken::add);
		assertThat(woken).hasSize(100);
	}

	@Test
	@Tag("LC-1")
	@Tag("LC-13")
	void allWhenTheSchedulerDoesNotRunThemThenAreWokenByTheTimer() {
		ObservedScheduler observed = new ObservedScheduler(this.time);
		observed.hold();
		List<Integer> woken = new ArrayList<>();
		waking(observed).all(numbers(100), woken::add);
		advance(Duration.ofMillis(99));
		assertThat(woken).isEmpty();
		advance(Duration.ofMillis(1));
		assertThat(woken).hasSize(100);
	}

	@Test
	void allWhenThereIsNobodyThenNoTimerIsSet() {
		ObservedScheduler observed = new ObservedScheduler(this.time);
		waking(observed).all(numbers(0), (number) -> {
		});
		assertThat(observed.timers()).isEmpty();
	}

	private Waking<Integer> waking(Scheduler scheduler) {
		return new Waking<>(new ManagerResources(scheduler, Timer.of(scheduler), Time.system(), TokenStore.inMemory(),
				() -> 0, new EventStream(), List.of(), null, UnaryOperator.identity()));
	}

	private static Queue<Integer> numbers(int count) {
		return IntStream.range(0, count).boxed().collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
	}

}
