package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.StoredTokenSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Outcomes} and {@link EffectRunner}: what follows when an attempt has
 * ended.
 */
class OutcomesTests extends LifecycleFixture {

	private static final TransientTokenException DOWN = new TransientTokenException(ALICE, "down", null);

	@Test
	@Tag("LC-2")
	void failureWhenItIsOneKeysAloneThenItsCallersAreToldAfterPatience() {
		failingAlone();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		othersAreAnsweredFor(Duration.ofMillis(3900));
		assertThat(caller.isTerminated()).isFalse();
		othersAreAnsweredFor(Duration.ofMillis(200));
		assertThat(errorOf(caller)).hasRootCauseMessage("reset");
		assertThat(lifecycle(ALICE).client().condition().isTroubled()).isFalse();
	}

	@Test
	@Tag("LC-2")
	void failureWhenItIsOneKeysAloneAndCallersKeepComingThenItsFlightHasAnEnd() {
		failingAlone();
		caller(ALICE);
		Flight flight = lifecycle(ALICE).state().flight();
		for (int i = 0; i < 75; i++) {
			othersAreAnsweredFor(Duration.ofMillis(100));
			assertThat(lifecycle(ALICE).state().flight()).as("after %s00 ms", i + 1).isSameAs(flight);
			caller(ALICE);
		}
		for (int i = 0; i < 20; i++) {
			othersAreAnsweredFor(Duration.ofMillis(100));
			caller(ALICE);
		}
		assertThat(lifecycle(ALICE).state().flight()).isNotSameAs(flight);
	}

	/**
	 * Alice's requests fail after a second, and nobody else's do.
	 */
	private void failingAlone() {
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> 0.5)
			.client(ClientSettings
				.of("inventory",
						(request) -> request.key().equals(ALICE)
								? Mono.delay(Duration.ofSeconds(1), this.time)
									.then(Mono.error(new IOException("reset")))
								: Mono.just(TokenSet.withAccessToken("t").build()))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
	}

	private void othersAreAnsweredFor(Duration duration) {
		for (long i = 0; i < duration.toMillis(); i += 100) {
			advance(Duration.ofMillis(100));
			complete(this.manager.remove(BOB));
			assertThat(token(BOB)).isEqualTo("t");
		}
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-8")
	void failureWhenItIsTheStoresThenCallersWaitForItWithPatience() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		store.write(StoredTokenSet.of(ALICE, 3, refreshable("r3")));
		store.loading = (step) -> Mono.error(new IOException("broken"));
		this.issuer.then(this::withRefreshTokenAlone)
			.then(this::withRefreshTokenAlone)
			.then(this::withRefreshTokenAlone)
			.then(this::withRefreshTokenAlone);
		TestSubscriber<AccessToken> caller = caller(ALICE);
		assertThat(lifecycle(ALICE).client().condition().isTroubled()).isFalse();
		assertThat(lifecycle(ALICE).state().cooldown().end()).isEqualTo(38);
		advance(Duration.ofMillis(100));
		assertThat(caller.isTerminated()).isFalse();
		store.loading = (step) -> step;
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-8")
	void failureWhenTheStoreStaysAwayThenCallersAreToldAfterPatience() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		store.loading = (step) -> Mono.error(new IOException("broken"));
		for (int i = 0; i < 20; i++) {
			this.issuer.then(this::withRefreshTokenAlone);
		}
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(4));
		assertThat(errorOf(caller)).hasMessageContaining("the token store cannot be read");
		assertThat(lifecycle(ALICE).state().flight()).isNull();
	}

	private Mono<TokenSet> withRefreshTokenAlone(TokenRequest request) {
		return (request.refreshToken() != null) ? Mono.just(this.issuer.nextToken().build())
				: new ScriptedIssuer().thenRefuse().issue(request);
	}

	@Test
	@Tag("LC-3")
	void failureWhenARefreshTokenMayHaveBeenTakenThenItIsAskedForThoughNobodyWaits() {
		use((settings) -> settings.patience(Duration.ZERO));
		put(ALICE, refreshable("r1"));
		this.issuer.thenFail(ambiguous()).thenFail(ambiguous());
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(2));
		assertThat(this.issuer.calls()).isEqualTo(3);
		assertThat(errorOf(caller)).hasMessageContaining("reset");
		assertThat(lifecycle(ALICE).state().flight()).isNull();
	}

	@Test
	@Tag("LC-3")
	void failureWhenNoRefreshTokenWasSentThenNothingIsAmbiguous() {
		use((settings) -> settings.patience(Duration.ZERO));
		this.issuer.thenFail(ambiguous());
		assertThat(errorOf(caller(ALICE))).hasMessageContaining("reset");
		advance(Duration.ofSeconds(2));
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	private static TransientTokenException ambiguous() {
		return new TransientTokenException(ALICE, "reset", null, null, null, true, null);
	}

	@Test
	@Tag("LC-1")
	@Tag("SF-1")
	void failureWhenThePauseIsLongerThanTheAttemptMightHaveTakenThenTheFlightIsStillTheOne() {
		Sinks.One<TokenSet> first = answerLater();
		caller(ALICE);
		Flight flight = lifecycle(ALICE).state().flight();
		assertThat(flight).isNotNull();
		advance(Duration.ofMillis(4900));
		first.tryEmitError(new TransientTokenException(ALICE, "busy", null, null, Duration.ofSeconds(2), null));
		advance(Duration.ofMillis(1600));
		assertThat(flight.isOverdue(lifecycle(ALICE).now())).isFalse();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		assertThat(lifecycle(ALICE).state().flight()).isSameAs(flight);
		advance(Duration.ofMillis(400));
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-7")
	@Tag("LC-9")
	void failureWhenSomebodyElseHasPutMeanwhileThenIsNoTroubleOfTheIssuer() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		answerLater();
		store.write(StoredTokenSet.removed(ALICE, 7));
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(this.issuer.calls()).isEqualTo(2);
		assertThat(lifecycle(ALICE).client().condition().isTroubled()).isFalse();
	}

	@Test
	@Tag("LC-7")
	void refusalThenIsAnAnswerThatEndsTheTrouble() {
		this.issuer.thenFail(new IOException("reset")).thenRefuse();
		caller(ALICE);
		assertThat(lifecycle(ALICE).client().condition().isTroubled()).isTrue();
		advance(Duration.ofSeconds(1));
		assertThat(lifecycle(ALICE).state().signedOut()).isNotNull();
		assertThat(lifecycle(ALICE).client().condition().isTroubled()).isFalse();
	}

	@Test
	@Tag("LC-4")
	void refreshWhenItIsLateThenHasNoPlaceAnyMore() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(ALICE, refreshable("r1"));
		answerLater();
		caller(ALICE);
		TestSubscriber<AccessToken> queued = caller(BOB);
		advance(Duration.ofMillis(4999));
		assertThat(queued.isTerminated()).isFalse();
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(queued)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-1")
	void effectsWhenOneThrowsThenTheOthersFollowAndWhoWaitsIsWoken() {
		TokenLifecycle key = lifecycle(ALICE);
		Flight flight = key.prepare(key.state(), Trigger.USE, key.now());
		TestSubscriber<HeldToken> waiter = TestSubscriber.create();
		new Waiter(flight, Long.MAX_VALUE, Trigger.USE).subscribe(waiter);
		List<String> told = new ArrayList<>();
		quietly(() -> run(key, new Effect.Fail(flight, DOWN), new Effect.Publish("broken", (events) -> {
			throw new IllegalStateException("broken");
		}), new Effect.Publish("told", (events) -> told.add("told"))));
		advance(Duration.ZERO);
		assertThat(told).containsExactly("told");
		assertThat(waiter.isTerminatedError()).isTrue();
	}

	private static void run(TokenLifecycle key, Effect... effects) {
		new EffectRunner(key).run(Transition.of(key.state(), key.state(), effects));
	}

	/**
	 * What is broken on purpose is not to fill the log of the tests.
	 */
	private static void quietly(Runnable action) {
		Logger logger = (Logger) LoggerFactory.getLogger(TokenLifecycle.class);
		logger.setLevel(Level.OFF);
		try {
			action.run();
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	@Tag("LC-1")
	void effectsWhenAFlightIsToStartLaterThenDoesIfItIsStillWanted() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> first = answerLater();
		answerLater();
		caller(ALICE);
		Flight flight = lifecycle(ALICE).state().flight();
		assertThat(flight).isNotNull();
		run(lifecycle(ALICE), new Effect.StartFlight(flight, 100));
		advance(Duration.ofMillis(99));
		assertThat(this.issuer.calls()).isEqualTo(1);
		advance(Duration.ofMillis(1));
		assertThat(this.issuer.calls()).isEqualTo(2);
		run(lifecycle(ALICE), new Effect.StartFlight(flight, 200));
		first.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	@Tag("LC-1")
	void flightWhenItsDeadlineHasPassedThenTheNextCallerStartsAnother() {
		answerLater();
		TestSubscriber<AccessToken> first = caller(ALICE);
		Flight hanging = lifecycle(ALICE).state().flight();
		assertThat(hanging).isNotNull();
		hanging.pauses(-10_000);
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(valueOf(first)).isEqualTo("t1");
		assertThat(hanging.isCancelled()).isTrue();
	}

	@Test
	@Tag("SF-7")
	void replacementWhenItIsAskedForWithinItsOwnFlightThenIsTheOneThatIsHeld() {
		put(ALICE, TokenSet.withAccessToken("held").expiresIn(Duration.ofMinutes(1)).build());
		HeldToken held = lifecycle(ALICE).usable();
		assertThat(held).isNotNull();
		List<HeldToken> given = new ArrayList<>();
		this.issuer.then((request) -> lifecycle(ALICE).tokenAfter(held)
			.doOnNext(given::add)
			.map((token) -> TokenSet.withAccessToken("new").build()));
		held.accepted();
		lifecycle(ALICE).accept(held, new Place("https://api.example", "/orders"));
		lifecycle(ALICE).reject(held, Refusal.at(new Place("https://api.example", "/odd")));
		advance(Duration.ZERO);
		assertThat(given).containsExactly(held);
		assertThat(token(ALICE)).isEqualTo("new");
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-5")
	void replacementWhenNoneMayBeObtainedThenIsTheOneThatIsHeld() {
		use((settings) -> settings.patience(Duration.ZERO).initialBackoff(Duration.ofSeconds(5)));
		put(ALICE, TokenSet.withAccessToken("held").expiresIn(Duration.ofMinutes(1)).build());
		HeldToken held = lifecycle(ALICE).usable();
		assertThat(held).isNotNull();
		this.issuer.thenFail(new IOException("reset"));
		assertThat(errorOf(caller(BOB))).isInstanceOf(TransientTokenException.class);
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		lifecycle(ALICE).token(Duration.ofMinutes(2)).subscribe(caller);
		assertThat(caller.getReceivedOnNext()).containsExactly(held);
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-7")
	void callerWhenTheIssuerIsInTroubleThenFailsAtOnceForItsOwnKey() {
		use((settings) -> settings.patience(Duration.ZERO).initialBackoff(Duration.ofSeconds(5)));
		this.issuer.thenFail(new IOException("reset"));
		caller(BOB);
		TransientTokenException failure = (TransientTokenException) errorOf(caller(ALICE));
		assertThat(failure.subject()).isEqualTo("alice");
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("FP-2")
	@Tag("SF-5")
	void callerWhenItsKeyWasRefusedAMomentAgoThenFailsAtOnceWithAFailureOfItsOwn() {
		this.issuer.thenFail(new TokenRefusedException(ALICE, "no", "invalid_scope", null, null));
		Throwable first = errorOf(caller(ALICE));
		assertThat(errorOf(caller(ALICE))).isInstanceOf(TokenRefusedException.class)
			.hasMessageContaining("invalid_scope")
			.isNotSameAs(first);
		assertThat(this.issuer.calls()).isEqualTo(1);
		advance(Duration.ofMillis(250));
		assertThat(token(ALICE)).isEqualTo("t1");
	}

	@Test
	@Tag("RN-3")
	void startWhenATokenIsHeldThenIsNoUseOfIt() {
		HeldToken held = new HeldToken("Bearer", "t", Instant.EPOCH, Instant.ofEpochMilli(60_000), 1, 0, 0);
		TokenLifecycle key = lifecycle(TokenKey.of("inventory", "carol"));
		key.happens(new CommandEvents.Put(held, null, 1, null));
		complete(key.start());
		assertThat(held.wasUsed()).isFalse();
		key.next(Trigger.USE, Context.empty()).subscribe();
		assertThat(held.wasUsed()).isTrue();
	}

}
