
package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.test.DroppedErrors;
import io.github.evertoken.test.Rule;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for those who wait and are woken: none of them keeps another one from it.
 */
class WakingTests extends LifecycleFixture {

	@Test
	@Rule("LC-13")
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
	@Rule("LC-13")
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
	@Rule("LC-2")
	void occupancyWhenACallerGoesWhileItIsToldThenIsCountedOnce() {
		ObservedScheduler observed = new ObservedScheduler(this.time);
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(observed)
			.client(ClientSettings.of("inventory", this.issuer).build())
			.build();
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

}
