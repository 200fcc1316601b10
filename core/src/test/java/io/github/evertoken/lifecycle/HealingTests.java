
package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.test.support.LogLines;
import io.github.evertoken.test.support.NoThreadOnce;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for keys that go on, whatever fails around them.
 */
class HealingTests extends LifecycleFixture {

	@Test
	@Tag("LC-1")
	void tokenWhenThereIsNoThreadOnceThenComesWithTheNextAttempt() {
		for (int failing = 0; failing < 4; failing++) {
			AtomicInteger until = new AtomicInteger(failing);
			this.manager.close();
			this.manager = DefaultTokenManager.builder()
				.virtualTime(new NoThreadOnce(this.time, until))
				.random(() -> 0.5)
				.client(ClientSettings.of("inventory", this.issuer).build())
				.build();
			List<TestSubscriber<AccessToken>> callers = callers(3, ALICE);
			advance(Duration.ofSeconds(1));
			assertThat(callers).as("failing %s", failing)
				.allSatisfy((caller) -> assertThat(valueOf(caller)).startsWith("t"));
			assertThat(this.manager.lifecycle(ALICE).state().flight()).isNull();
		}
	}

	@Test
	@Tag("LC-1")
	void tokenWhenAnEffectOfTheLandingThrowsThenComesAllTheSame() {
		AtomicBoolean broken = new AtomicBoolean();
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(new NoTimer(this.time, broken))
			.client(ClientSettings.of("inventory", this.issuer).build())
			.build();
		Sinks.One<TokenSet> answer = answerLater();
		List<TestSubscriber<AccessToken>> callers = callers(3, SERVICE);
		try (LogLines log = new LogLines(TokenLifecycle.class.getName())) {
			broken.set(true);
			answer.tryEmitValue(this.issuer.nextToken().build());
			broken.set(false);
			assertThat(log.with("SetTimer has failed")).hasSize(1);
		}
		advance(Duration.ZERO);
		assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("t1"));
		advance(ScriptedIssuer.LIFETIME);
		assertThat(token(SERVICE)).isEqualTo("t2");
	}

	@Test
	@Tag("LC-1")
	@Tag("LC-4")
	void tokenWhenTheIssuerAnswersAfterItWasCancelledThenNobodyNotices() {
		use((settings) -> settings.maxConcurrentRequests(1));
		List<CoreSubscriber<? super TokenSet>> deaf = new ArrayList<>();
		this.issuer.then(new Mono<>() {
			@Override
			public void subscribe(CoreSubscriber<? super TokenSet> actual) {
				actual.onSubscribe(Operators.emptySubscription());
				deaf.add(actual);
			}
		});
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(6));
		assertThat(valueOf(caller)).isEqualTo("t1");
		HeldToken held = lifecycle(ALICE).state().held();
		deaf.get(0).onNext(TokenSet.withAccessToken("late").build());
		deaf.get(0).onComplete();
		assertThat(lifecycle(ALICE).state().held()).isSameAs(held);
		assertThat(token(BOB)).isEqualTo("t2");
	}

	@Test
	@Tag("LC-1")
	void tokenWhenTheIssuerHangsAndIsDeafThenNoCallerWaitsLongerThanItsMaxWait() {
		use((settings) -> settings.maxWait(Duration.ofSeconds(1)));
		put(ALICE, refreshable("r1"));
		Mono<TokenSet> deaf = new Mono<>() {
			@Override
			public void subscribe(CoreSubscriber<? super TokenSet> actual) {
				actual.onSubscribe(new Subscription() {
					@Override
					public void request(long n) {
						// It never answers.
					}

					@Override
					public void cancel() {
						throw new IllegalStateException("broken");
					}
				});
			}
		};
		this.issuer.then(deaf);
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofMillis(1100));
		assertThat(errorOf(caller)).hasMessageContaining("max-wait");
		try (LogLines log = new LogLines(TokenLifecycle.class.getName())) {
			advance(Duration.ofSeconds(40));
			assertThat(log.with("was cancelled")).singleElement()
				.asString()
				.contains("java.lang.IllegalStateException");
		}
		assertThat(token(ALICE)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-1")
	@Tag("LC-13")
	void tokenWhenTheOnlyThreadIsBlockedThenComesAllTheSame() {
		Scheduler single = Schedulers.newParallel("blocked", 1);
		CountDownLatch released = new CountDownLatch(1);
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.scheduler(single)
			.client(ClientSettings.of("inventory", this.issuer).build())
			.build();
		try {
			single.schedule(() -> awaitQuietly(released));
			List<AccessToken> tokens = new ArrayList<>();
			manager.token(ALICE).subscribe(tokens::add);
			Awaitility.await().until(() -> tokens.size() == 1);
		}
		finally {
			released.countDown();
			manager.close();
			single.dispose();
		}
	}

	@Test
	@Tag("LC-8")
	void tokenWhenTheStoreAnswersForAnotherKeyThenIsNotGivenThat() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		store.loading = (step) -> Mono.just(StoredTokenSet.of(BOB, 3, TokenSet.withAccessToken("bobs").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-8")
	void tokenWhenTheStoreThrowsThenIsObtainedByTheOwnGrant() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		store.loading = (step) -> {
			throw new IllegalStateException("broken");
		};
		store.saving = (step) -> {
			throw new IllegalStateException("broken");
		};
		assertThat(token(ALICE)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-8")
	void tokenWhenTheStoreCannotBeReadAndTheKeyLivesOnItThenFailsAsTransient() {
		VersionedMapStore store = new VersionedMapStore();
		use(store, (settings) -> settings.patience(Duration.ZERO));
		store.loading = (step) -> Mono.error(new IllegalStateException("broken"));
		this.issuer.thenRefuse();
		assertThat(errorOf(caller(ALICE))).isInstanceOf(TransientTokenException.class);
		assertThat(lifecycle(ALICE).state().signedOut()).isNull();
	}

	@Test
	@Tag("LC-11")
	void tokenWhenTheWallClockJumpsThenIsNeitherLostNorUsedForTooLong() {
		long[] jump = new long[1];
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.clock(() -> java.time.Instant.ofEpochMilli(this.time.now(TimeUnit.MILLISECONDS) + jump[0]),
					() -> this.time.now(TimeUnit.NANOSECONDS))
			.store(TokenStore.inMemory())
			.random(() -> 0.5)
			.client(ClientSettings.of("inventory", this.issuer).build())
			.build();
		assertThat(token(ALICE)).isEqualTo("t1");
		jump[0] = -Duration.ofHours(1).toMillis();
		assertThat(token(ALICE)).isEqualTo("t1");
		advance(ScriptedIssuer.LIFETIME);
		assertThat(token(ALICE)).isEqualTo("t2");
		jump[0] = 0;
		assertThat(token(ALICE)).isEqualTo("t3");
		jump[0] = Duration.ofHours(1).toMillis();
		assertThat(token(ALICE)).isEqualTo("t4");
		jump[0] = 0;
		assertThat(token(ALICE)).isEqualTo("t4");
		advance(ScriptedIssuer.LIFETIME);
		assertThat(token(ALICE)).isEqualTo("t5");
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Takes no task that comes later, while it is broken.
	 */
	private static final class NoTimer extends ObservedScheduler {

		private final AtomicBoolean broken;

		private NoTimer(Scheduler scheduler, AtomicBoolean broken) {
			super(scheduler);
			this.broken = broken;
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			if (this.broken.get()) {
				throw new IllegalStateException("broken");
			}
			return super.schedule(task, delay, unit);
		}

	}

}
