package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.slf4j.LoggerFactory;
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
	@Tag("SF-4")
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
	@Tag("SF-4")
	void callWhenTheRefreshTokenWasRefusedBeforeThenIsCancelledInTimeToo() {
		put(ALICE, refreshable("r1"));
		AtomicBoolean cancelled = new AtomicBoolean();
		this.issuer.thenRefuse().then(Mono.<TokenSet>never().doOnCancel(() -> cancelled.set(true)));
		caller(ALICE);
		assertThat(this.issuer.calls()).isEqualTo(2);
		advance(Duration.ofSeconds(5));
		assertThat(cancelled).isTrue();
	}

	@Test
	@Tag("LC-3")
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
	@Tag("LC-1")
	@Tag("LC-3")
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
	@Tag("LC-3")
	@Tag("LC-4")
	void refreshWhenItIsNotAnsweredByItsDeadlineThenItsPlaceIsFree() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(ALICE, refreshable("r1"));
		this.issuer.then(Mono.never());
		caller(ALICE);
		advance(Duration.ofSeconds(31));
		assertThat(token(BOB)).startsWith("t");
	}

	@Test
	@Tag("LC-3")
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
	@Tag("LC-1")
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
	@Tag("LC-4")
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
	@Tag("LC-1")
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
	@Tag("LC-9")
	void launchWhenItsKeyIsRevokedMeanwhileThenNothingIsLeftOfIt() {
		ObservedScheduler observed = useObserved((settings) -> settings.maxConcurrentRequests(1));
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
	@Tag("LC-4")
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
	@Tag("LC-7")
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

	@Test
	@Tag("LC-2")
	@Tag("LC-3")
	void refreshWhenItIsLateForLongerThanPatienceThenNobodyWaitsForItAnyMore() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		advance(Duration.ofMillis(7999));
		TestSubscriber<AccessToken> patient = caller(ALICE);
		assertThat(patient.isTerminated()).isFalse();
		assertThat(token(BOB)).isEqualTo("t1");
		assertThat(lifecycle(ALICE).client().condition().isTroubled()).isFalse();
		advance(Duration.ofMillis(1));
		assertThat(errorOf(caller(ALICE))).hasMessageContaining("response-timeout");
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(token(ALICE)).isEqualTo("t2");
	}

	@Test
	@Tag("LC-4")
	void queuedFlightWhenACallOfItsClientWaitsForItThenGoesAtOnce() {
		use((settings) -> settings.maxConcurrentRequests(1));
		Sinks.Empty<Void> asks = Sinks.empty();
		this.issuer.then((request) -> asks.asMono()
			.then(this.manager.token(SERVICE))
			.map((actor) -> TokenSet.withAccessToken("by-" + actor.value()).build()));
		TestSubscriber<AccessToken> alice = caller(ALICE);
		TestSubscriber<AccessToken> bob = caller(BOB);
		TestSubscriber<AccessToken> service = caller(SERVICE);
		assertThat(this.issuer.calls()).isEqualTo(1);
		asks.tryEmitEmpty();
		advance(Duration.ZERO);
		assertThat(valueOf(service)).isEqualTo("t1");
		assertThat(valueOf(alice)).isEqualTo("by-t1");
		assertThat(valueOf(bob)).isEqualTo("t2");
	}

	@Test
	@Tag("LC-1")
	void flightWhenItCannotTakeOffThenItsCallersAreTold() {
		boolean[] broken = new boolean[1];
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.clock(() -> Instant.ofEpochMilli(this.time.now(TimeUnit.MILLISECONDS)), () -> {
				if (broken[0]) {
					broken[0] = false;
					throw new IllegalStateException("no clock");
				}
				return this.time.now(TimeUnit.NANOSECONDS);
			})
			.client(ClientSettings.of("inventory", this.issuer).build())
			.build();
		answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		Flight flight = flightOf(ALICE);
		TokenLifecycle key = lifecycle(ALICE);
		Logger logger = (Logger) LoggerFactory.getLogger(TokenLifecycle.class);
		logger.setLevel(Level.OFF);
		try {
			broken[0] = true;
			new EffectRunner(key)
				.run(Transition.of(key.state(), key.state(), new Effect.StartFlight(flight, Long.MIN_VALUE)));
		}
		finally {
			logger.setLevel(null);
		}
		advance(Duration.ZERO);
		assertThat(errorOf(caller)).hasMessageContaining("the flight has not started: no clock");
		assertThat(lifecycle(ALICE).state().flight()).isNull();
	}

	@Test
	@Tag("LC-9")
	void landingWhenItsKeyWasRevokedThenWhatItHasBroughtIsRevokedToo() {
		List<String> revoked = new ArrayList<>();
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.client(ClientSettings.of("inventory", new TokenIssuer() {

				@Override
				public Mono<TokenSet> issue(TokenRequest request) {
					return AttemptTests.this.issuer.issue(request);
				}

				@Override
				public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
					return Mono.fromRunnable(() -> revoked.add(tokens.accessToken()));
				}

			}).build())
			.build();
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		complete(this.manager.revoke(ALICE));
		assertThat(revoked).isEmpty();
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(revoked).containsExactly("t1");
		assertThat(lifecycle(ALICE).state().conditions()).isEqualTo(Conditions.NONE);
	}

	@Test
	@Tag("LC-1")
	void effectsThenThoseThatWakeAreTheLast() {
		Flight flight = lifecycle(ALICE).prepare(lifecycle(ALICE).state(), Trigger.USE, lifecycle(ALICE).now());
		HeldToken token = new HeldToken("Bearer", "t", Instant.EPOCH, Instant.EPOCH, 1, 0, 0);
		TransientTokenException down = new TransientTokenException(ALICE, "down", null);
		assertThat(List.of(new Effect.Wake(flight, token, Ending.LANDED), new Effect.Fail(flight, down),
				new Effect.SendOn(flight, Ending.CANCELLED), new Effect.Tell(flight, down),
				new Effect.Serve(flight, token), new Effect.WakeSignIns()))
			.allMatch(Effect::wakes);
		assertThat(List.of(new Effect.SetTimer(), new Effect.Cancel(flight), new Effect.Abandon(flight),
				new Effect.StartFlight(flight, 0), new Effect.Revoke(refreshable("r"))))
			.noneMatch(Effect::wakes);
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
