package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.test.Rule;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Attempt}: it ends once, in time, and gives its place back.
 */
class AttemptTests extends LifecycleFixture {

	@Test
	@Rule("SF-4")
	void callWhenItIsNotAnsweredInTimeThenIsCancelled() {
		AtomicBoolean cancelled = new AtomicBoolean();
		this.issuer.then(Mono.<TokenSet>never().doOnCancel(() -> cancelled.set(true)));
		caller(ALICE);
		advance(Duration.ofMillis(4999));
		assertThat(cancelled).isFalse();
		advance(Duration.ofMillis(1));
		assertThat(cancelled).isTrue();
	}

	@Test
	@Rule("LC-3")
	void refreshWhenItIsNotAnsweredByItsDeadlineThenIsCancelledAndSentOnceMore() {
		put(ALICE, refreshable("r1"));
		AtomicBoolean cancelled = new AtomicBoolean();
		this.issuer.then(Mono.<TokenSet>never().doOnCancel(() -> cancelled.set(true)));
		caller(ALICE);
		advance(Duration.ofMillis(29_999));
		assertThat(cancelled).isFalse();
		assertThat(lifecycle(ALICE).state().flight()).isNotNull();
		advance(Duration.ofMillis(1));
		assertThat(cancelled).isTrue();
		advance(Duration.ofMillis(500));
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", "r1");
		assertThat(token(ALICE)).isEqualTo("t1");
	}

	@Test
	@Rule({ "LC-1", "LC-3" })
	void refreshWhenItIsNotAnsweredTwiceThenTheFlightIsOver() {
		put(ALICE, refreshable("r1"));
		this.issuer.then(Mono.never()).then(Mono.never());
		caller(ALICE);
		advance(Duration.ofMillis(30_500));
		assertThat(this.issuer.calls()).isEqualTo(2);
		advance(Duration.ofSeconds(30));
		assertThat(lifecycle(ALICE).state().flight()).isNull();
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r1");
	}

	@Test
	@Rule({ "LC-3", "LC-4" })
	void refreshWhenItIsNotAnsweredByItsDeadlineThenItsPlaceIsFree() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(ALICE, refreshable("r1"));
		this.issuer.then(Mono.never());
		caller(ALICE);
		advance(Duration.ofSeconds(31));
		assertThat(token(BOB)).startsWith("t");
	}

	@Test
	@Rule("LC-3")
	void refreshWhenItIsAnsweredAfterItsDeadlineThenIsAdopted() {
		put(ALICE, refreshable("r1"));
		List<CoreSubscriber<? super TokenSet>> deaf = new ArrayList<>();
		this.issuer.then(deaf(deaf)).then(Mono.never());
		caller(ALICE);
		advance(Duration.ofMillis(30_500));
		assertThat(this.issuer.calls()).isEqualTo(2);
		deaf.get(0).onNext(this.issuer.nextToken().refreshToken("r2").build());
		deaf.get(0).onComplete();
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
	}

	@Test
	@Rule("LC-1")
	void failureWhenItComesAfterTheAttemptHasEndedThenCountsForNothing() {
		List<CoreSubscriber<? super TokenSet>> deaf = new ArrayList<>();
		this.issuer.then(deaf(deaf));
		Sinks.One<TokenSet> second = answerLater();
		answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofMillis(5200));
		assertThat(this.issuer.calls()).isEqualTo(2);
		deaf.get(0).onError(new IOException("reset"));
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(2);
		second.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Test
	@Rule("LC-4")
	void cancelThenItsPlaceIsFree() {
		use((settings) -> settings.maxConcurrentRequests(1));
		answerLater();
		caller(ALICE);
		TestSubscriber<AccessToken> caller = caller(BOB);
		assertThat(caller.isTerminated()).isFalse();
		flightOf(ALICE).cancel();
		advance(Duration.ZERO);
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Test
	@Rule("LC-1")
	void cancelWhenTheCallHasNotBegunThenItIsCancelledAsSoonAsItDoes() {
		TokenLifecycle key = lifecycle(ALICE);
		Attempt attempt = new Attempt(key.prepare(key.state(), Trigger.USE, key.now()));
		attempt.cancel();
		AtomicBoolean cancelled = new AtomicBoolean();
		attempt.onSubscribe(new Subscription() {

			@Override
			public void request(long n) {
				throw new IllegalStateException("Nobody wants it any more");
			}

			@Override
			public void cancel() {
				cancelled.set(true);
			}

		});
		assertThat(cancelled).isTrue();
	}

	@Test
	@Rule("LC-9")
	void launchWhenItsKeyIsRevokedMeanwhileThenNothingIsLeftOfIt() {
		ObservedScheduler observed = new ObservedScheduler(this.time);
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(observed)
			.client(ClientSettings.of("inventory", this.issuer).maxConcurrentRequests(1).build())
			.build();
		put(BOB, refreshable("r1"));
		answerLater();
		caller(ALICE);
		caller(BOB);
		Flight flight = flightOf(BOB);
		observed.beforeNow(() -> complete(this.manager.revoke(BOB)));
		lifecycle(BOB).client().runway().hasten(flight);
		assertThat(lifecycle(BOB).state().conditions()).isEqualTo(Conditions.NONE);
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Rule("LC-4")
	void nestedCallWhenItEndsThenGivesNoPlaceBackThatItNeverHad() {
		use((settings) -> settings.maxConcurrentRequests(1));
		Sinks.One<TokenSet> answer = Sinks.one();
		this.issuer.then((request) -> this.manager.token(SERVICE).then(answer.asMono()));
		TestSubscriber<AccessToken> alice = caller(ALICE);
		TestSubscriber<AccessToken> bob = caller(BOB);
		assertThat(this.issuer.requests()).extracting(TokenRequest::key).containsExactly(ALICE, SERVICE);
		answer.tryEmitValue(TokenSet.withAccessToken("of-alice").build());
		advance(Duration.ZERO);
		assertThat(valueOf(alice)).isEqualTo("of-alice");
		assertThat(valueOf(bob)).isEqualTo("t2");
	}

	@Test
	@Rule("LC-7")
	void attemptWhenItIsNoProbeThenItsEndLetsNoOtherProbeGo() {
		Sinks.One<TokenSet> old = answerLater();
		this.issuer.thenFail(new IOException("reset"));
		Sinks.One<TokenSet> probe = answerLater();
		caller(ALICE);
		caller(BOB);
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(3);
		caller(TokenKey.of("inventory", "carol"));
		old.tryEmitError(new IOException("reset"));
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(3);
		probe.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(5);
	}

	private Flight flightOf(TokenKey key) {
		Flight flight = lifecycle(key).state().flight();
		assertThat(flight).isNotNull();
		return flight;
	}

	/**
	 * Return a call that does not listen when it is cancelled.
	 */
	private static Mono<TokenSet> deaf(List<CoreSubscriber<? super TokenSet>> subscribers) {
		return new Mono<>() {
			@Override
			public void subscribe(CoreSubscriber<? super TokenSet> actual) {
				actual.onSubscribe(Operators.emptySubscription());
				subscribers.add(actual);
			}
		};
	}

}
