package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Waiter} and {@link WaitingRoom}.
 */
class WaiterTests extends LifecycleFixture {

	private static final TransientTokenException DOWN = new TransientTokenException(ALICE, "down", null);

	private final HeldToken token = token(Duration.ofMinutes(1));

	private Flight flight = flight();

	@Test
	void wakeThenGivesTheTokenAndCompletes() {
		TestSubscriber<HeldToken> caller = wait(Trigger.USE);
		assertThat(room().isOccupied()).isTrue();
		assertThat(room().waiting()).isEqualTo(1);
		room().wakeWith(this.token, Ending.LANDED);
		advance(Duration.ZERO);
		assertThat(caller.getReceivedOnNext()).containsExactly(this.token);
		assertThat(caller.isTerminatedComplete()).isTrue();
		assertThat(this.token.wasUsed()).isTrue();
		assertThat(room().waiting()).isZero();
		assertThat(room().isOver()).isTrue();
	}

	@Test
	@Tag("RN-3")
	void wakeWhenItIsAStartThenIsNoUseOfTheToken() {
		TestSubscriber<HeldToken> caller = wait(Trigger.START);
		room().wakeWith(this.token, Ending.LANDED);
		advance(Duration.ZERO);
		assertThat(caller.getReceivedOnNext()).containsExactly(this.token);
		assertThat(this.token.wasUsed()).isFalse();
	}

	@Test
	void wakeWhenNothingIsRequestedThenWaitsForThat() {
		TestSubscriber<HeldToken> caller = TestSubscriber.builder().initialRequest(0).build();
		new Waiter(this.flight, Long.MAX_VALUE, Trigger.USE).subscribe(caller);
		room().wakeWith(this.token, Ending.LANDED);
		advance(Duration.ZERO);
		assertThat(caller.isTerminated()).isFalse();
		assertThat(room().waiting()).isEqualTo(1);
		caller.request(1);
		assertThat(caller.getReceivedOnNext()).containsExactly(this.token);
		assertThat(room().waiting()).isZero();
		caller.request(1);
		assertThat(caller.getReceivedOnNext()).hasSize(1);
	}

	@Test
	@Tag("SF-2")
	void cancelThenIsCountedOnceAndNothingComes() {
		TestSubscriber<HeldToken> caller = wait(Trigger.USE);
		TestSubscriber<HeldToken> other = wait(Trigger.USE);
		assertThat(room().waiting()).isEqualTo(2);
		caller.cancel();
		caller.cancel();
		assertThat(room().waiting()).isEqualTo(1);
		room().failWith(DOWN, Ending.of(DOWN));
		advance(Duration.ZERO);
		assertThat(caller.isTerminated()).isFalse();
		assertThat(other.isTerminatedError()).isTrue();
		assertThat(room().waiting()).isZero();
	}

	@Test
	@Tag("SF-5")
	void failThenIsToldOnceWithAFailureOfItsOwn() {
		TestSubscriber<HeldToken> caller = wait(Trigger.USE);
		room().failWith(DOWN, Ending.of(DOWN));
		room().failWith(new TransientTokenException(ALICE, "again", null), Ending.CANCELLED);
		room().wakeWith(this.token, Ending.LANDED);
		advance(Duration.ZERO);
		assertThat(caller.expectTerminalError()).hasMessageContaining("down").isNotSameAs(DOWN);
		assertThat(caller.getReceivedOnNext()).isEmpty();
	}

	@Test
	@Tag("SF-6")
	void enterWhenTheOutcomeIsThereThenIsToldAtOnce() {
		assertThat(room().isUntouched()).isTrue();
		room().wakeWith(this.token, Ending.LANDED);
		TestSubscriber<HeldToken> caller = wait(Trigger.USE);
		assertThat(room().isUntouched()).isFalse();
		assertThat(caller.getReceivedOnNext()).containsExactly(this.token);
	}

	@Test
	@Tag("SF-4")
	void limitWhenALaterCallerHasLessTimeThenIsToldFirst() {
		TestSubscriber<HeldToken> patient = waitUntil(1000);
		TestSubscriber<HeldToken> hasty = waitUntil(100);
		TestSubscriber<HeldToken> close = waitUntil(105);
		advance(Duration.ofMillis(99));
		assertThat(hasty.isTerminated()).isFalse();
		advance(Duration.ofMillis(1));
		assertThat(hasty.expectTerminalError()).hasMessageContaining("max-wait of 10000 ms");
		assertThat(close.isTerminated()).isFalse();
		advance(Duration.ofMillis(10));
		assertThat(close.isTerminatedError()).isTrue();
		advance(Duration.ofMillis(889));
		assertThat(patient.isTerminated()).isFalse();
		advance(Duration.ofMillis(1));
		assertThat(patient.isTerminatedError()).isTrue();
		assertThat(room().waiting()).isZero();
	}

	@Test
	@Tag("LC-5")
	void serveAndTellThenConcernThoseWhoWaitNow() {
		TestSubscriber<HeldToken> first = wait(Trigger.USE);
		TestSubscriber<HeldToken> gone = wait(Trigger.USE);
		gone.cancel();
		room().serve(this.token);
		advance(Duration.ZERO);
		assertThat(first.getReceivedOnNext()).containsExactly(this.token);
		TestSubscriber<HeldToken> second = wait(Trigger.USE);
		assertThat(second.isTerminated()).isFalse();
		room().tell(DOWN);
		advance(Duration.ZERO);
		assertThat(second.isTerminatedError()).isTrue();
		assertThat(room().isOver()).isFalse();
		assertThat(room().waiting()).isZero();
	}

	@Test
	@Tag("LC-11")
	void wakeWhenTheTokenHasExpiredOnItsWayThenTheCallerLooksAnew() {
		TestSubscriber<HeldToken> caller = wait(Trigger.USE);
		advance(Duration.ofMinutes(1));
		room().wakeWith(this.token, Ending.LANDED);
		advance(Duration.ZERO);
		assertThat(caller.getReceivedOnNext()).extracting(HeldToken::value).containsExactly("t1");
		assertThat(this.issuer.requests()).singleElement()
			.satisfies((request) -> assertThat(request.trigger()).isEqualTo(Trigger.USE));
	}

	@Test
	@Tag("RN-2")
	void wakeWhenTheTokenLivesForNoTimeAtAllThenServesThoseWhoHaveWaited() {
		HeldToken brief = token(Duration.ofMillis(999));
		HeldToken short1 = token(Duration.ofMillis(1000));
		advance(Duration.ofSeconds(5));
		TestSubscriber<HeldToken> first = wait(Trigger.USE);
		room().wakeWith(brief, Ending.LANDED);
		advance(Duration.ZERO);
		assertThat(first.getReceivedOnNext()).containsExactly(brief);
		this.flight = flight();
		TestSubscriber<HeldToken> second = wait(Trigger.USE);
		room().wakeWith(short1, Ending.LANDED);
		advance(Duration.ZERO);
		assertThat(second.getReceivedOnNext()).extracting(HeldToken::value).containsExactly("t1");
	}

	@Test
	@Tag("SF-3")
	void sendOnThenGoesOnWithTheCallersContext() {
		TestSubscriber<HeldToken> caller = TestSubscriber.builder().contextPut("tenant", "alice").build();
		Waiter waiter = new Waiter(this.flight, Long.MAX_VALUE, Trigger.USE);
		assertThat(waiter.context()).isEqualTo(Context.empty());
		waiter.subscribe(caller);
		assertThat(waiter.context().<String>get("tenant")).isEqualTo("alice");
		waiter.sendOn(Mono.deferContextual((context) -> {
			assertThat(context.<String>get("tenant")).isEqualTo("alice");
			return Mono.just(this.token);
		}));
		assertThat(caller.getReceivedOnNext()).containsExactly(this.token);
	}

	@Test
	void sendOnWhenThatFailsThenFails() {
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		Waiter waiter = new Waiter(this.flight, Long.MAX_VALUE, Trigger.USE);
		waiter.subscribe(caller);
		waiter.sendOn(Mono.error(DOWN));
		assertThat(caller.expectTerminalError()).isSameAs(DOWN);
		assertThat(room().waiting()).isZero();
	}

	@Test
	@Tag("SF-2")
	void sendOnWhenTheCallerGoesThenTheWaitElsewhereEndsToo() {
		AtomicBoolean cancelled = new AtomicBoolean();
		Mono<HeldToken> elsewhere = Mono.<HeldToken>never().doOnCancel(() -> cancelled.set(true));
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		Waiter waiter = new Waiter(this.flight, Long.MAX_VALUE, Trigger.USE);
		waiter.subscribe(caller);
		waiter.sendOn(elsewhere);
		assertThat(cancelled).isFalse();
		caller.cancel();
		assertThat(cancelled).isTrue();
		cancelled.set(false);
		waiter.sendOn(elsewhere);
		assertThat(cancelled).isTrue();
	}

	@Test
	@Tag("LC-1")
	void limitWhenTheSchedulerIsShutDownThenTheCallerIsNotLostToo() {
		ObservedScheduler observed = useObserved();
		this.flight = flight();
		observed.shutDown();
		TestSubscriber<HeldToken> caller = wait(Trigger.USE);
		room().failWith(DOWN, Ending.of(DOWN));
		assertThat(caller.isTerminatedError()).isTrue();
	}

	@Test
	@Tag("RN-6")
	void outcomeThenLeavesNoTimerBehind() {
		ObservedScheduler observed = useObserved();
		this.flight = flight();
		waitUntil(1000);
		Disposable timer = observed.timers().get(observed.timers().size() - 1);
		assertThat(timer.isDisposed()).isFalse();
		room().failWith(DOWN, Ending.of(DOWN));
		assertThat(timer.isDisposed()).isTrue();
	}

	@Test
	@Tag("LC-3")
	void drainWhenNoRefreshTokenIsOnItsWayThenWaitsForNothing() {
		answerLater();
		caller(ALICE);
		assertThat(drained().isTerminatedComplete()).isTrue();
	}

	@Test
	@Tag("LC-3")
	void drainWhenARefreshIsOverdueThenWaitsForItNoMore() {
		put(ALICE, refreshable("r1"));
		answerLater();
		caller(ALICE);
		Flight hanging = lifecycle(ALICE).state().flight();
		assertThat(hanging).isNotNull();
		assertThat(drained().isTerminated()).isFalse();
		hanging.cancel();
		assertThat(drained().isTerminatedComplete()).isTrue();
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-9")
	void drainWhenATokenSetIsToBeSavedThenWaitsForThat() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		put(ALICE, refreshable("r1"));
		Sinks.One<Boolean> back = Sinks.one();
		store.saving = (step) -> Mono.error(new IOException("read only"));
		this.issuer.then(Mono.just(TokenSet.withAccessToken("t").refreshToken("r2").build()));
		assertThat(token(ALICE)).isEqualTo("t");
		TestSubscriber<Void> drained = drained();
		advance(Duration.ofSeconds(5));
		assertThat(drained.isTerminated()).isFalse();
		store.saving = (step) -> back.asMono().then(step);
		back.tryEmitValue(true);
		advance(Duration.ofSeconds(6));
		assertThat(drained.isTerminatedComplete()).isTrue();
		assertThat(store.refreshToken(ALICE)).isEqualTo("r2");
	}

	private TestSubscriber<Void> drained() {
		TestSubscriber<Void> drained = TestSubscriber.create();
		this.manager.drain().subscribe(drained);
		advance(Duration.ZERO);
		return drained;
	}

	private Flight flight() {
		TokenLifecycle key = lifecycle(ALICE);
		return key.prepare(key.state(), Trigger.REJECTION, key.now());
	}

	private WaitingRoom room() {
		return this.flight.room();
	}

	private TestSubscriber<HeldToken> wait(Trigger trigger) {
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		new Waiter(this.flight, Long.MAX_VALUE, trigger).subscribe(caller);
		return caller;
	}

	private TestSubscriber<HeldToken> waitUntil(long limit) {
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		new Waiter(this.flight, limit, Trigger.USE).subscribe(caller);
		return caller;
	}

	private static HeldToken token(Duration lifetime) {
		return new HeldToken("Bearer", "t", Instant.EPOCH, Instant.EPOCH.plus(lifetime), 1, 0, 0);
	}

}
