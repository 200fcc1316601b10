package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.store.UnversionedTokenStore;
import io.github.evertoken.test.support.DroppedErrors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenLifecycle} and {@link DefaultTokenManager}, in virtual time.
 */
class TokenLifecycleTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final ScriptedIssuer issuer = new ScriptedIssuer();

	private final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	private double random;

	private DefaultTokenManager manager = manager((settings) -> {
	});

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@Nested
	class SingleFlight {

		@Test
		@Tag("SF-1")
		void tokenWhenManyCallersAtAnEmptyKeyThenOneCall() {
			Sinks.One<TokenSet> answer = answerLater();
			List<TestSubscriber<AccessToken>> callers = callers(1000);
			advance(Duration.ZERO);
			answer.tryEmitValue(issuer.nextToken().build());
			assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("t1"));
			assertThat(issuer.calls()).isEqualTo(1);
		}

		@Test
		@Tag("SF-1")
		void tokenWhenExpiredThenOneCall() {
			assertThat(token()).isEqualTo("t1");
			advance(ScriptedIssuer.LIFETIME.multipliedBy(2));
			int before = issuer.calls();
			Sinks.One<TokenSet> answer = answerLater();
			List<TestSubscriber<AccessToken>> callers = callers(1000);
			advance(Duration.ZERO);
			answer.tryEmitValue(TokenSet.withAccessToken("new").build());
			assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("new"));
			assertThat(issuer.calls()).isEqualTo(before + 1);
		}

		@Test
		@Tag("SF-2")
		void cancelWhenHalfOfTheCallersThenTheOthersSucceed() {
			Sinks.One<TokenSet> answer = answerLater();
			List<TestSubscriber<AccessToken>> callers = callers(10);
			advance(Duration.ZERO);
			callers.subList(0, 5).forEach(TestSubscriber::cancel);
			answer.tryEmitValue(TokenSet.withAccessToken("t1").build());
			assertThat(callers.subList(0, 5)).allSatisfy((caller) -> assertThat(caller.getReceivedOnNext()).isEmpty());
			assertThat(callers.subList(5, 10)).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("t1"));
		}

		@Test
		@Tag("SF-2")
		void cancelWhenEveryCallerThenTheFlightLands() {
			AtomicBoolean cancelled = new AtomicBoolean();
			Sinks.One<TokenSet> answer = Sinks.one();
			issuer.then(answer.asMono().doOnCancel(() -> cancelled.set(true)));
			List<TestSubscriber<AccessToken>> callers = callers(10);
			advance(Duration.ZERO);
			callers.forEach(TestSubscriber::cancel);
			answer.tryEmitValue(TokenSet.withAccessToken("t1").build());
			assertThat(cancelled).isFalse();
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.calls()).isEqualTo(1);
		}

		@Test
		@Tag("SF-3")
		void issueWhenCallerHasAContextThenSeesNothingOfIt() {
			AtomicReference<Object> leaked = new AtomicReference<>();
			ThreadLocal<String> tenant = new ThreadLocal<>();
			tenant.set("of the caller");
			DefaultTokenManager real = DefaultTokenManager.builder()
				.client(ClientSettings.of("inventory", (request) -> Mono.deferContextual((context) -> {
					leaked.set(context.hasKey("tenant") ? context.get("tenant") : tenant.get());
					return Mono.just(TokenSet.withAccessToken("t1").build());
				})).build())
				.build();
			Mono<String> call = real.token(KEY)
				.flatMap((token) -> Mono.deferContextual((context) -> Mono.just(context.<String>get("tenant"))));
			assertThat(call.contextWrite(Context.of("tenant", "alice")).block(Duration.ofMinutes(1)))
				.isEqualTo("alice");
			assertThat(leaked).hasNullValue();
			real.close();
		}

		@Test
		@Tag("SF-4")
		void issueWhenItHangsThenEndsAtTheResponseTimeout() {
			issuer.then(Mono.never());
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ofMillis(4999));
			assertThat(caller.isTerminated()).isFalse();
			advance(Duration.ofMillis(1));
			assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class)
				.hasMessageContaining("response-timeout of 5000 ms");
		}

		@Test
		@Tag("SF-4")
		void tokenWhenMaxWaitIsShorterThanTheFlightThenFailsTheCallerAlone() {
			use((settings) -> settings.maxWait(Duration.ofSeconds(1)));
			Sinks.One<TokenSet> answer = answerLater();
			TestSubscriber<AccessToken> early = caller();
			advance(Duration.ofMillis(600));
			TestSubscriber<AccessToken> late = caller();
			advance(Duration.ofMillis(400));
			assertThat(errorOf(early)).isInstanceOf(TransientTokenException.class).hasMessageContaining("max-wait");
			answer.tryEmitValue(TokenSet.withAccessToken("t1").build());
			assertThat(valueOf(late)).isEqualTo("t1");
		}

		@Test
		@Tag("SF-5")
		void tokenWhenTheFlightFailsThenTheFailureIsForgottenAfterTheCooldown() {
			random = 0.5;
			issuer.thenFail(new IOException("down"));
			List<TestSubscriber<AccessToken>> callers = callers(3);
			advance(Duration.ZERO);
			assertThat(callers)
				.allSatisfy((caller) -> assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class)
					.hasRootCauseMessage("down"));
			assertThat(callers.stream().map(TokenLifecycleTests::errorOf)).doesNotHaveDuplicates();
			advance(Duration.ofMillis(250));
			assertThat(token()).isEqualTo("t1");
		}

		@Test
		@Tag("SF-6")
		void tokenWhenAskedForByAWokenCallerThenNoSecondCall() {
			Sinks.One<TokenSet> answer = answerLater();
			List<String> seen = new ArrayList<>();
			IntStream.range(0, 100)
				.forEach((i) -> manager.token(KEY)
					.flatMap((token) -> manager.token(KEY))
					.subscribe((token) -> seen.add(token.value())));
			advance(Duration.ZERO);
			answer.tryEmitValue(TokenSet.withAccessToken("t1").build());
			assertThat(seen).hasSize(100).containsOnly("t1");
			assertThat(issuer.calls()).isEqualTo(1);
		}

		@Test
		@Tag("SF-7")
		void tokenWhenTheIssuerWaitsForItsOwnThenFailsAtOnce() {
			issuer.then((request) -> manager.token(KEY).map((token) -> TokenSet.withAccessToken("never").build()));
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			assertThat(errorOf(caller)).isInstanceOf(TokenRefusedException.class)
				.rootCause()
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("waits for the token that it is to obtain");
		}

		@Test
		@Tag("SF-7")
		void tokenWhenTwoIssuersWaitForEachOtherThenFailsAtOnce() {
			DefaultTokenManager mutual = DefaultTokenManager.builder()
				.virtualTime(time)
				.client(ClientSettings.of("a", (request) -> other("b")).build())
				.client(ClientSettings.of("b", (request) -> other("a")).build())
				.build();
			manager = mutual;
			TestSubscriber<AccessToken> caller = TestSubscriber.create();
			mutual.token(TokenKey.of("a")).subscribe(caller);
			advance(Duration.ZERO);
			assertThat(errorOf(caller)).rootCause().isInstanceOf(IllegalStateException.class);
		}

		private Mono<TokenSet> other(String client) {
			return Mono.defer(() -> manager.token(TokenKey.of(client)))
				.map((token) -> TokenSet.withAccessToken("never").build());
		}

		@Test
		void tokenWhenDemandComesAfterTheLandingThenIsGiven() {
			Sinks.One<TokenSet> answer = answerLater();
			TestSubscriber<AccessToken> caller = TestSubscriber.builder().initialRequest(0).build();
			manager.token(KEY).subscribe(caller);
			advance(Duration.ZERO);
			answer.tryEmitValue(TokenSet.withAccessToken("t1").build());
			assertThat(caller.getReceivedOnNext()).isEmpty();
			caller.request(1);
			assertThat(valueOf(caller)).isEqualTo("t1");
		}

		@Test
		@Tag("SF-4")
		void tokenWhenACallerJoinsLateThenItsOwnMaxWaitCounts() {
			use((settings) -> settings.maxWait(Duration.ofSeconds(1)));
			issuer.then(Mono.never());
			caller();
			advance(Duration.ofMillis(600));
			TestSubscriber<AccessToken> late = caller();
			advance(Duration.ofMillis(999));
			assertThat(late.isTerminated()).isFalse();
			advance(Duration.ofMillis(1));
			assertThat(errorOf(late)).isInstanceOf(TransientTokenException.class).hasMessageContaining("max-wait");
		}

		@Test
		@Tag("SF-4")
		void issueWhenTheRefreshTokenIsRefusedLateThenTheFallbackHasTheRestOfTheTime() {
			put(TokenSet.withRefreshToken("r1").build());
			issuer.then((request) -> Mono.delay(Duration.ofSeconds(3), time)
				.then(Mono.error(new ReauthenticationRequiredException(KEY, "refused", "invalid_grant", null, null))));
			issuer.then(Mono.never());
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ofSeconds(5));
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(errorOf(caller)).hasMessageContaining("response-timeout of 5000 ms");
		}

		@Test
		@Tag("SF-4")
		@Tag("LC-8")
		void tokenWhenTheStoreHangsThenAClientWithItsOwnGrantGoesOnWithoutIt() {
			manager = DefaultTokenManager.builder()
				.virtualTime(time)
				.store(new RecordingStore(new ArrayList<>(), Mono.never()).versioned())
				.client(ClientSettings.of("inventory", issuer).maxWait(Duration.ofSeconds(5)).build())
				.build();
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ofMillis(200));
			assertThat(valueOf(caller)).isEqualTo("t1");
		}

		@Test
		@Tag("SF-5")
		void tokenWhenTheFlightFailsThenEachWaiterGetsAFailureOfItsOwn() {
			Sinks.One<TokenSet> answer = answerLater();
			List<TestSubscriber<AccessToken>> callers = callers(10);
			advance(Duration.ZERO);
			answer.tryEmitError(new IOException("down"));
			assertThat(callers.stream().map(TokenLifecycleTests::errorOf)).hasSize(10).doesNotHaveDuplicates();
		}

		@Test
		@Tag("SF-6")
		void landingThenAWokenCallerFindsTheNewToken() {
			Sinks.One<TokenSet> answer = answerLater();
			List<HeldToken> given = new ArrayList<>();
			List<HeldToken> found = new ArrayList<>();
			lifecycle().token().doOnNext(given::add).subscribe((token) -> found.add(lifecycle().usable()));
			advance(Duration.ZERO);
			answer.tryEmitValue(issuer.nextToken().build());
			assertThat(found).hasSize(1).isEqualTo(given);
		}

		@Test
		@Tag("SF-6")
		void putThenAWokenCallerFindsTheNewToken() {
			answerLater();
			List<HeldToken> given = new ArrayList<>();
			List<HeldToken> found = new ArrayList<>();
			lifecycle().token().doOnNext(given::add).subscribe((token) -> found.add(lifecycle().usable()));
			advance(Duration.ZERO);
			put(TokenSet.withAccessToken("login").build());
			assertThat(found).hasSize(1).isEqualTo(given);
		}

		@ParameterizedTest
		@Tag("SF-2")
		@ValueSource(booleans = { true, false })
		void landingWhenOneCallerThrowsThenTheOthersAreWokenAllTheSame(boolean failing) {
			Sinks.One<TokenSet> answer = answerLater();
			TestSubscriber<AccessToken> before = caller();
			manager.token(KEY).doOnEach((signal) -> {
				throw new NoClassDefFoundError("missing on the class path of one caller");
			}).subscribe();
			TestSubscriber<AccessToken> after = caller();
			advance(Duration.ZERO);
			try (DroppedErrors dropped = new DroppedErrors()) {
				if (failing) {
					answer.tryEmitError(new IOException("down"));
				}
				else {
					answer.tryEmitValue(issuer.nextToken().build());
				}
				assertThat(dropped.errors()).singleElement().isInstanceOf(NoClassDefFoundError.class);
			}
			assertThat(before.isTerminated()).isTrue();
			assertThat(after.isTerminated()).isTrue();
		}

	}

	@Nested
	class Renewal {

		@ParameterizedTest
		@Tag("RN-1")
		@ValueSource(doubles = { 0, 0.5, 0.999 })
		void tokenWhenUsedThenIsRenewedAtFourFifthsLessTheJitter(double jitter) {
			random = jitter;
			assertThat(token()).isEqualTo("t1");
			long renewal = (long) (100_000 * (0.8 - 0.05 * jitter));
			advance(Duration.ofMillis(renewal - 1));
			assertThat(issuer.calls()).isEqualTo(1);
			advance(Duration.ofMillis(1));
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(token()).isEqualTo("t2");
		}

		@Test
		@Tag("RN-1")
		void tokenWhenRenewalIsOnItsWayThenTheOldOneIsGivenAtOnce() {
			assertThat(token()).isEqualTo("t1");
			Sinks.One<TokenSet> answer = answerLater();
			advance(Duration.ofSeconds(80));
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(token()).isEqualTo("t1");
			answer.tryEmitValue(TokenSet.withAccessToken("t2").build());
			assertThat(token()).isEqualTo("t2");
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(issuer.requests().get(1).trigger()).isEqualTo(Trigger.RENEWAL_TIME);
		}

		@ParameterizedTest
		@Tag("RN-2")
		@ValueSource(ints = { 1, 2, 10, 60, 3600 })
		void tokenWhenUsedThroughManyLifetimesThenOneCallForEach(int seconds) {
			random = 0.9;
			for (int i = 0; i < 100; i++) {
				issuer.then(Mono.just(TokenSet.withAccessToken("t").expiresIn(Duration.ofSeconds(seconds)).build()));
			}
			Duration step = Duration.ofMillis(seconds * 10L);
			for (int i = 0; i < 1000; i++) {
				assertThat(token()).isEqualTo("t");
				advance(step);
			}
			assertThat(issuer.calls()).isBetween(13, 15);
		}

		@Test
		@Tag("RN-2")
		void tokenWhenNoLifetimeIsNamedThenTheDefaultOneCounts() {
			issuer.then(Mono.just(TokenSet.withAccessToken("opaque").build()));
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			assertThat(caller.expectTerminalSignal()).isNotNull();
			assertThat(caller.getReceivedOnNext().get(0).lifetime()).isEqualTo(Duration.ofMinutes(5));
		}

		@Test
		@Tag("RN-2")
		void renewalTimeWhenMarginIsLargeThenIsAtMostATenthOfTheLifetime() {
			use((settings) -> settings.renewAt(0.99).expiryMargin(Duration.ofSeconds(10)));
			issuer.then(Mono.just(TokenSet.withAccessToken("short").expiresIn(Duration.ofSeconds(1)).build()));
			assertThat(token()).isEqualTo("short");
			advance(Duration.ofMillis(899));
			assertThat(issuer.calls()).isEqualTo(1);
			advance(Duration.ofMillis(1));
			assertThat(issuer.calls()).isEqualTo(2);
		}

		@Test
		@Tag("RN-3")
		void renewalWhenNobodyHasUsedTheTokenSinceTheLastThenLapses() {
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofSeconds(80));
			assertThat(issuer.calls()).isEqualTo(2);
			advance(Duration.ofHours(10));
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(token()).isEqualTo("t3");
		}

		@Test
		@Tag("RN-3")
		void renewalWhenKeepAliveThenGoesOnUnused() {
			use((settings) -> settings.keepAlive(true));
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofSeconds(800));
			assertThat(issuer.calls()).isEqualTo(11);
		}

		@Test
		@Tag("RN-3")
		void renewalWhenLapsedTokenIsUsedWhileDueThenStartsWithThatUse() {
			manager.start(KEY).subscribe();
			advance(Duration.ofSeconds(90));
			assertThat(issuer.calls()).isEqualTo(1);
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ZERO);
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(token()).isEqualTo("t2");
		}

		@Test
		@Tag("RN-4")
		void renewalWhenItFailsThenTheTokenStaysAndItIsTriedAgain() {
			random = 0.5;
			assertThat(token()).isEqualTo("t1");
			issuer.thenFail(new IOException("down")).thenFail(new IOException("down"));
			advance(Duration.ofMillis(77_500));
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofMillis(250));
			assertThat(issuer.calls()).isEqualTo(3);
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofMillis(499));
			assertThat(issuer.calls()).isEqualTo(3);
			advance(Duration.ofMillis(1));
			assertThat(issuer.calls()).isEqualTo(4);
			assertThat(token()).isEqualTo("t2");
		}

		@Test
		@Tag("RN-6")
		void closeThenTimersAndFlightsStop() {
			assertThat(token()).isEqualTo("t1");
			AtomicBoolean cancelled = new AtomicBoolean();
			issuer.then(Mono.<TokenSet>never().doOnCancel(() -> cancelled.set(true)));
			advance(Duration.ofSeconds(80));
			manager.close();
			assertThat(cancelled).isTrue();
			advance(Duration.ofHours(1));
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(errorOf(caller())).isInstanceOf(TransientTokenException.class).hasMessageContaining("closed");
			TestSubscriber<AccessToken> other = TestSubscriber.create();
			manager.token(TokenKey.of("inventory", "alice")).subscribe(other);
			assertThat(errorOf(other)).hasMessageContaining("closed");
		}

		@Test
		@Tag("RN-6")
		void closeWhenCallersWaitThenTheyFail() {
			issuer.then(Mono.never());
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			manager.close();
			assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class).hasMessageContaining("closed");
		}

		@Test
		@Tag("RN-6")
		void closeWhenTimerIsSetThenItNeverRings() {
			assertThat(token()).isEqualTo("t1");
			manager.close();
			advance(Duration.ofDays(1));
			assertThat(issuer.calls()).isEqualTo(1);
		}

		@Test
		@Tag("RN-1")
		void tokenWhenTheIssuerTakesItsTimeThenTheLifetimeCountsFromTheRequest() {
			issuer.then(
					Mono.delay(Duration.ofSeconds(4), time).then(Mono.fromSupplier(() -> issuer.nextToken().build())));
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ofSeconds(4));
			assertThat(valueOf(caller)).isEqualTo("t1");
			advance(Duration.ofSeconds(76).minusMillis(1));
			assertThat(issuer.calls()).isEqualTo(1);
			advance(Duration.ofMillis(1));
			assertThat(issuer.calls()).isEqualTo(2);
		}

		@Test
		@Tag("RN-1")
		@Tag("SF-1")
		void usableWhenTheTokenIsReplacedWhileItIsLookedAtThenNothingIsRenewed() {
			ObservedScheduler observed = observe();
			manager.start(KEY).subscribe();
			advance(Duration.ofSeconds(90));
			observed.beforeNow(() -> put(TokenSet.withAccessToken("login").build()));
			lifecycle().usable();
			advance(Duration.ZERO);
			assertThat(issuer.calls()).isEqualTo(1);
			assertThat(token()).isEqualTo("login");
		}

		@Test
		@Tag("RN-2")
		void tokenWhenItIsShortLivedThenServesToItsLastMillisecond() {
			issuer.then(Mono.just(TokenSet.withAccessToken("short").expiresIn(Duration.ofMillis(100)).build()));
			manager.start(KEY).subscribe();
			advance(Duration.ofMillis(99));
			assertThat(lifecycle().usable()).isNotNull();
			manager.close();
		}

		@Test
		@Tag("RN-3")
		void renewalWhenTheRenewedTokenIsUsedTooThenGoesOn() {
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofSeconds(80));
			assertThat(token()).isEqualTo("t2");
			advance(Duration.ofSeconds(80));
			assertThat(token()).isEqualTo("t3");
			assertThat(issuer.calls()).isEqualTo(3);
		}

		@Test
		@Tag("RN-3")
		@Tag("RN-4")
		void renewalWhenKeepAliveAndTheIssuerWasDownForLongThenResumesByItself() {
			use((settings) -> settings.keepAlive(true));
			random = 0.999_999;
			assertThat(token()).isEqualTo("t1");
			for (int i = 0; i < 8; i++) {
				issuer.thenFail(new IOException("down"));
			}
			advance(Duration.ofSeconds(200));
			assertThat(lifecycle().usable()).isNotNull().extracting(HeldToken::generation).isEqualTo(2L);
		}

		@Test
		@Tag("RN-6")
		void closeThenNoTimerIsLeft() {
			ObservedScheduler observed = observe();
			assertThat(token()).isEqualTo("t1");
			assertThat(observed.timers()).anyMatch((timer) -> !timer.isDisposed());
			manager.close();
			assertThat(observed.timers()).allMatch(Disposable::isDisposed);
		}

		@Test
		@Tag("RN-6")
		void closeWhenATokenIsHeldThenNobodyGetsItAnyMore() {
			assertThat(token()).isEqualTo("t1");
			manager.close();
			assertThat(lifecycle().usable()).isNull();
			assertThat(errorOf(caller())).hasMessageContaining("closed");
		}

		@Test
		@Tag("RN-6")
		void closeThenTheEventsEnd() {
			manager.close();
			assertThat(manager.events().collectList().block(Duration.ofMinutes(1))).isEmpty();
		}

		@Test
		@Tag("RN-6")
		void tokenWhenTheSchedulerIsShutDownBeforeUsThenFailsTheCallers() {
			ObservedScheduler observed = observe();
			observed.shutDown();
			assertThat(errorOf(caller())).isInstanceOf(TransientTokenException.class)
				.hasMessageContaining("the scheduler has not started the flight");
			put(TokenSet.withAccessToken("login").build());
			assertThat(token()).isEqualTo("login");
			manager.close();
		}

		@Test
		@Tag("RN-6")
		void closeWhenAFlightIsAboutToStartThenTheIssuerIsNotCalled() {
			ObservedScheduler observed = observe();
			observed.hold();
			TestSubscriber<AccessToken> caller = caller();
			manager.close();
			observed.release();
			assertThat(errorOf(caller)).hasMessageContaining("closed");
			assertThat(issuer.calls()).isZero();
		}

		@Test
		@Tag("RN-3")
		void startWhenMaxWaitIsShortOrATokenIsHeldThenIsNoUseOfIt() {
			use((settings) -> settings.maxWait(Duration.ofSeconds(1)));
			manager.start(KEY).subscribe();
			manager.start(KEY).subscribe();
			advance(Duration.ofSeconds(90));
			assertThat(issuer.calls()).isEqualTo(1);
		}

	}

	@Nested
	class Failures {

		@Test
		@Tag("FP-1")
		void tokenWhenFailureIsUnknownThenIsTransient() {
			issuer.thenFail(new IllegalStateException("who knows"));
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class)
				.hasMessageContaining("IllegalStateException");
		}

		@Test
		@Tag("FP-1")
		void tokenWhenIssuerThrowsOrAnswersNothingThenIsTransient() {
			issuer.then((request) -> {
				throw new IllegalStateException("at assembly");
			});
			TestSubscriber<AccessToken> first = caller();
			advance(Duration.ZERO);
			assertThat(errorOf(first)).isInstanceOf(TransientTokenException.class);
			issuer.then(Mono.empty());
			TestSubscriber<AccessToken> second = caller();
			advance(Duration.ZERO);
			assertThat(errorOf(second)).isInstanceOf(TransientTokenException.class)
				.hasMessageContaining("answered nothing");
			issuer.then(Mono.just(TokenSet.withRefreshToken("r").build()));
			TestSubscriber<AccessToken> third = caller();
			advance(Duration.ZERO);
			assertThat(errorOf(third)).isInstanceOf(TokenRefusedException.class)
				.hasMessageContaining("without an access token");
		}

		@Test
		@Tag("FP-2")
		void tokenWhenTheIssuerIsDeadThenOneCallForEachCooldown() {
			random = 0.999_999;
			for (int i = 0; i < 20; i++) {
				issuer.thenFail(new IOException("down"));
			}
			int failed = 0;
			for (int second = 0; second < 60; second++) {
				List<TestSubscriber<AccessToken>> callers = callers(1000);
				advance(Duration.ZERO);
				for (TestSubscriber<AccessToken> caller : callers) {
					assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class);
					failed++;
				}
				advance(Duration.ofSeconds(1));
			}
			assertThat(failed).isEqualTo(60_000);
			// 0, 0.5→1, 2, 4, 8, 16 and 30 s after one another
			assertThat(issuer.calls()).isEqualTo(7);
		}

		@Test
		@Tag("FP-2")
		void tokenWhenRetryAfterThenIsHonouredUpToFiveMinutes() {
			issuer.thenFail(busy(Duration.ofSeconds(90))).thenFail(busy(Duration.ofDays(1)));
			caller();
			advance(Duration.ofSeconds(89));
			assertThat(errorOf(caller())).hasMessageContaining("busy");
			assertThat(issuer.calls()).isEqualTo(1);
			advance(Duration.ofSeconds(1));
			caller();
			advance(Duration.ofMillis(299_999));
			caller();
			assertThat(issuer.calls()).isEqualTo(2);
			advance(Duration.ofMillis(1));
			assertThat(token()).isEqualTo("t1");
		}

		private TransientTokenException busy(Duration retryAfter) {
			return new TransientTokenException(KEY, "busy", null, null, retryAfter, null);
		}

		@Test
		@Tag("FP-2")
		void cooldownWhenAFlightSucceedsThenStartsSmallAgain() {
			random = 0.999_999;
			issuer.thenFail(new IOException("down")).thenFail(new IOException("down"));
			caller();
			advance(Duration.ofMillis(500));
			caller();
			advance(Duration.ofMillis(1000));
			assertThat(token()).isEqualTo("t1");
			manager.remove(KEY).subscribe();
			issuer.thenFail(new IOException("down"));
			caller();
			advance(Duration.ofMillis(500));
			assertThat(token()).isEqualTo("t2");
		}

		@Test
		@Tag("FP-3")
		void tokenWhenRefreshTokenIsRefusedThenTheOwnGrantHelpsInTheSameFlight() {
			put(TokenSet.withRefreshToken("r1").build());
			issuer.thenRefuse();
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", null);
			assertThat(events(TokenEvent.ReauthenticationRequired.class)).isEmpty();
		}

		@Test
		@Tag("FP-3")
		void tokenWhenRefreshTokenIsRefusedAndTheOwnGrantFailsThenTheRefreshTokenIsNotSentAgain() {
			put(TokenSet.withRefreshToken("r1").build());
			issuer.thenRefuse().thenFail(new IOException("down"));
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class);
			advance(Duration.ofSeconds(1));
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", null, null);
		}

		@Test
		@Tag("FP-4")
		void tokenWhenTheLastGrantIsRefusedThenSignedOutUntilPut() {
			issuer.thenRefuse();
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			assertThat(errorOf(caller)).isInstanceOf(ReauthenticationRequiredException.class);
			advance(Duration.ofDays(1));
			assertThat(errorOf(caller())).isInstanceOf(ReauthenticationRequiredException.class);
			assertThat(issuer.calls()).isEqualTo(1);
			assertThat(events(TokenEvent.ReauthenticationRequired.class)).hasSize(1);
			put(TokenSet.withAccessToken("login").build());
			assertThat(token()).isEqualTo("login");
		}

		@Test
		@Tag("FP-4")
		@Tag("RN-4")
		void renewalWhenTheLastGrantIsRefusedThenTheTokenServesUntilItExpires() {
			assertThat(token()).isEqualTo("t1");
			issuer.thenRefuse();
			advance(Duration.ofSeconds(80));
			assertThat(events(TokenEvent.ReauthenticationRequired.class)).hasSize(1);
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofSeconds(20));
			assertThat(errorOf(caller())).isInstanceOf(ReauthenticationRequiredException.class);
			assertThat(issuer.calls()).isEqualTo(2);
		}

		@Test
		@Tag("FP-5")
		void renewalWhenResponseHasNoRefreshTokenThenTheOldOneIsKept() {
			put(TokenSet.withRefreshToken("r1").build());
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofSeconds(80));
			issuer.then(Mono.just(issuer.nextToken().refreshToken("r2").build()));
			token();
			advance(Duration.ofSeconds(80));
			token();
			advance(Duration.ofSeconds(80));
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken)
				.containsExactly("r1", "r1", "r1", "r2");
		}

		@Test
		@Tag("FP-5")
		void landingWhenRefreshTokenIsRotatedThenItIsSavedBeforeAnybodyGetsTheAccessToken() {
			Sinks.Empty<Void> saved = Sinks.empty();
			List<TokenSet> inStore = new ArrayList<>();
			manager = DefaultTokenManager.builder()
				.virtualTime(time)
				.store(new RecordingStore(inStore, saved.asMono()).versioned())
				.client(ClientSettings.of("inventory", issuer).patience(Duration.ZERO).build())
				.build();
			issuer.then(Mono.just(TokenSet.withAccessToken("t1").refreshToken("r2").build()));
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			assertThat(inStore).singleElement().extracting(TokenSet::refreshToken).isEqualTo("r2");
			assertThat(caller.isTerminated()).isFalse();
			saved.tryEmitEmpty();
			assertThat(valueOf(caller)).isEqualTo("t1");
		}

		@Test
		@Tag("FP-5")
		void landingWhenTheStoreHangsThenCallersGetTheTokenAllTheSame() {
			manager = DefaultTokenManager.builder()
				.virtualTime(time)
				.store(new RecordingStore(new ArrayList<>(), Mono.never()).versioned())
				.client(ClientSettings.of("inventory", issuer).maxWait(Duration.ofSeconds(60)).build())
				.build();
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ofSeconds(10));
			assertThat(valueOf(caller)).isEqualTo("t1");
			assertThat(issuer.calls()).isEqualTo(1);
		}

		@Test
		void tokenWhenTheStoreKnowsOneThenTheIssuerIsNotAsked() {
			time.advanceTimeTo(Instant.ofEpochMilli(50_000));
			List<TokenSet> inStore = new ArrayList<>();
			inStore.add(TokenSet.withAccessToken("kept")
				.refreshToken("r")
				.obtainedAt(Instant.ofEpochMilli(0))
				.expiresIn(Duration.ofSeconds(100))
				.build());
			manager = DefaultTokenManager.builder()
				.virtualTime(time)
				.store(new RecordingStore(inStore, Mono.empty()).versioned())
				.client(ClientSettings.of("inventory", issuer).patience(Duration.ZERO).build())
				.build();
			assertThat(token()).isEqualTo("kept");
			assertThat(issuer.calls()).isZero();
			advance(Duration.ofSeconds(30));
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r");
		}

		@Test
		@Tag("FP-6")
		void tokenWhenRefusedThenTheMessageNamesClientKindAndError() {
			issuer.thenFail(new TokenRefusedException(TokenKey.of("inventory", "alice"), "401 Unauthorized",
					"invalid_client", "Unknown client", null));
			TestSubscriber<AccessToken> caller = TestSubscriber.create();
			manager.token(TokenKey.of("inventory", "alice")).subscribe(caller);
			advance(Duration.ZERO);
			assertThat(errorOf(caller)).isInstanceOf(TokenRefusedException.class)
				.hasMessage("No access token for client 'inventory' for subject 'alice' (refused): 401 Unauthorized; "
						+ "error 'invalid_client', error_description 'Unknown client'"
						+ Troubleshooting.TOKEN_REFUSED.reference());
		}

		@Test
		@Tag("FP-1")
		void tokenWhenRefusedThenNobodyHasToLogInAndItIsTriedAgain() {
			issuer.thenFail(new TokenRefusedException(KEY, "401 Unauthorized", "invalid_client", null, null));
			assertThat(errorOf(caller())).isInstanceOf(TokenRefusedException.class);
			advance(Duration.ofMillis(500));
			assertThat(token()).isEqualTo("t1");
			assertThat(events(TokenEvent.ReauthenticationRequired.class)).isEmpty();
		}

		@Test
		@Tag("FP-2")
		void cooldownWhenRenewalsFailAgainLaterThenStartsSmallAgain() {
			random = 0.999_999;
			issuer.thenFail(new IOException("down")).thenFail(new IOException("down"));
			caller();
			advance(Duration.ofMillis(500));
			caller();
			advance(Duration.ofMillis(1000));
			random = 0;
			assertThat(token()).isEqualTo("t1");
			random = 0.999_999;
			issuer.thenFail(new IOException("down"));
			advance(Duration.ofSeconds(80));
			assertThat(issuer.calls()).isEqualTo(4);
			advance(Duration.ofMillis(500));
			assertThat(issuer.calls()).isEqualTo(5);
		}

		@Test
		@Tag("FP-2")
		void rejectWhenCoolingDownThenCallersFailAtOnceAndNoFlightStarts() {
			random = 0.5;
			HeldToken first = held();
			for (int i = 0; i < 3; i++) {
				issuer.thenFail(new IOException("down"));
			}
			advance(Duration.ofMillis(77_500));
			assertThat(issuer.calls()).isEqualTo(2);
			lifecycle().reject(first);
			assertThat(errorOf(caller())).rootCause().hasMessage("down");
			assertThat(issuer.calls()).isEqualTo(4);
			assertThat(errorOf(caller())).rootCause().hasMessage("down");
			assertThat(issuer.calls()).isEqualTo(4);
			advance(Duration.ofMillis(1000));
			assertThat(token()).isEqualTo("t2");
		}

		@Test
		@Tag("FP-3")
		@Tag("FP-5")
		void tokenWhenTheRefreshFailsForNowThenTheRefreshTokenIsKeptAndNothingElseTried() {
			put(TokenSet.withRefreshToken("r1").build());
			issuer.thenFail(new IOException("down"))
				.thenFail(busy(Duration.ZERO))
				.thenFail(new TokenRefusedException(KEY, "401 Unauthorized", "invalid_client", null, null));
			for (int i = 1; i <= 3; i++) {
				assertThat(errorOf(caller())).isInstanceOf(TokenException.class);
				assertThat(issuer.calls()).isEqualTo(i);
				advance(Duration.ofSeconds(2));
			}
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken)
				.containsExactly("r1", "r1", "r1", "r1");
		}

		@Test
		@Tag("FP-3")
		void renewalWhenTheOwnGrantHasHelpedThenTheRefusedRefreshTokenIsForgotten() {
			put(TokenSet.withRefreshToken("r1").build());
			issuer.thenRefuse();
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofSeconds(80));
			assertThat(token()).isEqualTo("t2");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", null, null);
		}

		@Test
		@Tag("FP-4")
		void putWhenSignedOutThenTheWholeLifeBeginsAnew() {
			issuer.thenRefuse();
			assertThat(errorOf(caller())).isInstanceOf(ReauthenticationRequiredException.class);
			put(TokenSet.withRefreshToken("r1").build());
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly(null, "r1");
		}

		@Test
		@Tag("FP-4")
		@Tag("SF-5")
		void tokenWhenSignedOutThenEachCallerGetsAFailureOfItsOwn() {
			issuer.thenRefuse();
			caller();
			assertThat(callers(10).stream().map(TokenLifecycleTests::errorOf)).hasSize(10).doesNotHaveDuplicates();
		}

		@Test
		@Tag("FP-4")
		void rejectWhenSignedOutThenStaysSignedOut() {
			HeldToken first = held();
			issuer.thenRefuse();
			advance(Duration.ofSeconds(80));
			lifecycle().reject(first);
			assertThat(errorOf(caller())).isInstanceOf(ReauthenticationRequiredException.class);
			assertThat(issuer.calls()).isEqualTo(2);
		}

		@Test
		@Tag("FP-4")
		void tokenWhenOnlyTheRefreshTokenWasRefusedInWordsThenTheFailureSaysThem() {
			put(TokenSet.withRefreshToken("r1").build());
			issuer.thenRefuse()
				.thenFail(new ReauthenticationRequiredException(KEY, "there is no other grant", null, null, null));
			assertThat(errorOf(caller())).isInstanceOf(ReauthenticationRequiredException.class)
				.hasMessageContaining("invalid_grant");
		}

		@Test
		@Tag("FP-5")
		void putThenIsSavedBeforeAnybodyGetsTheAccessToken() {
			Sinks.Empty<Void> saved = Sinks.empty();
			manager = DefaultTokenManager.builder()
				.virtualTime(time)
				.store(new RecordingStore(new ArrayList<>(), saved.asMono()).versioned())
				.client(ClientSettings.of("inventory", issuer).patience(Duration.ZERO).build())
				.build();
			TestSubscriber<Void> done = TestSubscriber.create();
			manager.put(KEY, TokenSet.withAccessToken("login").refreshToken("r1").build()).subscribe(done);
			assertThat(lifecycle().usable()).isNull();
			assertThat(done.isTerminated()).isFalse();
			saved.tryEmitEmpty();
			assertThat(lifecycle().usable()).isNotNull();
			assertThat(done.isTerminatedComplete()).isTrue();
		}

		@Test
		@Tag("SF-4")
		@Tag("FP-2")
		@Tag("RN-2")
		void tokenWhenEverythingIsEndlessThenNothingOverflows() {
			Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
			use((settings) -> settings.defaultLifetime(forever)
				.expiryMargin(forever)
				.responseTimeout(forever)
				.refreshDeadline(forever)
				.storeTimeout(forever)
				.maxWait(forever)
				.initialBackoff(forever)
				.maxBackoff(forever)
				.rejectionWindow(forever));
			random = 0.000_001;
			issuer.thenFail(busy(forever)).then(Mono.just(TokenSet.withAccessToken("t").expiresIn(forever).build()));
			assertThat(errorOf(caller())).hasMessageContaining("busy");
			advance(Duration.ofMinutes(6));
			assertThat(token()).isEqualTo("t");
			assertThat(lifecycle().token(forever).block(Duration.ofMinutes(1))).isNotNull();
			assertThat(lifecycle().reject(held())).isTrue();
			assertThat(token()).isEqualTo("t1");
			assertThat(lifecycle().token(forever).block(Duration.ofMinutes(1))).isNotNull();
		}

		@ParameterizedTest
		@Tag("FP-1")
		@ValueSource(strings = { "-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59.999999999Z" })
		void tokenWhenTheIssuerDatesItOutOfAllTimeThenTheCallerGetsAnAnswer(Instant obtainedAt) {
			issuer.then(Mono.just(TokenSet.withAccessToken("t").obtainedAt(obtainedAt).build()));
			assertThat(caller().isTerminated()).isTrue();
		}

	}

	@Nested
	class Rejection {

		@Test
		@Tag("RJ-1")
		void rejectWhenTheTokenIsHeldThenIsReplaced() {
			HeldToken first = held();
			assertThat(lifecycle().reject(first)).isTrue();
			assertThat(token()).isEqualTo("t2");
			assertThat(issuer.requests().get(1).trigger()).isEqualTo(Trigger.REJECTION);
		}

		@Test
		@Tag("RJ-2")
		void rejectWhenTheTokenWasReplacedThenNothingIsRenewed() {
			HeldToken first = held();
			lifecycle().reject(first);
			assertThat(token()).isEqualTo("t2");
			for (int i = 0; i < 1000; i++) {
				assertThat(lifecycle().reject(first)).isTrue();
			}
			assertThat(token()).isEqualTo("t2");
			assertThat(issuer.calls()).isEqualTo(2);
		}

		@Test
		@Tag("RJ-2")
		void rejectWhenAThousandCallersDoThenOneRenewal() {
			HeldToken first = held();
			Sinks.One<TokenSet> answer = answerLater();
			for (int i = 0; i < 1000; i++) {
				assertThat(lifecycle().reject(first)).isTrue();
			}
			List<TestSubscriber<AccessToken>> callers = callers(1000);
			advance(Duration.ZERO);
			answer.tryEmitValue(TokenSet.withAccessToken("t2").build());
			assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("t2"));
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(events(TokenEvent.Rejected.class)).hasSize(1);
		}

		@Test
		@Tag("RJ-3")
		void rejectThenTheRefreshTokenIsUsed() {
			put(TokenSet.withAccessToken("t0").refreshToken("r1").build());
			lifecycle().reject(held());
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1");
		}

		@Test
		@Tag("RJ-6")
		void rejectWhenTheReplacementIsRefusedToThenNoMoreInThisWindow() {
			assertThat(lifecycle().reject(held())).isTrue();
			HeldToken second = held();
			assertThat(lifecycle().reject(second)).isFalse();
			assertThat(lifecycle().reject(second)).isFalse();
			advance(Duration.ofMillis(29_999));
			assertThat(lifecycle().reject(second)).isFalse();
			assertThat(issuer.calls()).isEqualTo(2);
			assertThat(token()).isEqualTo("t2");
			advance(Duration.ofMillis(1));
			assertThat(lifecycle().reject(second)).isTrue();
			assertThat(token()).isEqualTo("t3");
			assertThat(events(TokenEvent.Rejected.class)).extracting(TokenEvent.Rejected::renewing)
				.containsExactly(true, false, true);
		}

		@Test
		@Tag("RJ-6")
		void rejectWhenTokensAreAcceptedInBetweenThenAtMostFiveInAWindow() {
			for (int i = 0; i < 5; i++) {
				HeldToken token = held();
				token.accepted();
				assertThat(lifecycle().reject(token)).isTrue();
			}
			HeldToken last = held();
			last.accepted();
			assertThat(lifecycle().reject(last)).isFalse();
			assertThat(issuer.calls()).isEqualTo(6);
			advance(Duration.ofSeconds(30));
			assertThat(lifecycle().reject(last)).isTrue();
		}

		@Test
		void rejectWhenOnlyTheAccessTokenIsKnownThenComparesIt() {
			AccessToken first = held().accessToken();
			assertThat(manager.reject(KEY, first)).isTrue();
			assertThat(token()).isEqualTo("t2");
			assertThat(manager.reject(KEY, first)).isTrue();
			assertThat(token()).isEqualTo("t2");
			assertThat(issuer.calls()).isEqualTo(2);
		}

		@Test
		@Tag("RJ-6")
		void rejectWhenBarredThenAnAcceptanceDoesNotHelpInThisWindow() {
			lifecycle().reject(held());
			HeldToken second = held();
			assertThat(lifecycle().reject(second)).isFalse();
			second.accepted();
			assertThat(lifecycle().reject(second)).isFalse();
			assertThat(issuer.calls()).isEqualTo(2);
		}

		@Test
		@Tag("RJ-6")
		void rejectThenTheWindowCountsFromItsFirstRejection() {
			use((settings) -> settings.maxRenewals(2));
			assertThat(lifecycle().reject(acceptedToken())).isTrue();
			advance(Duration.ofSeconds(20));
			assertThat(lifecycle().reject(acceptedToken())).isTrue();
			HeldToken last = acceptedToken();
			assertThat(lifecycle().reject(last)).isFalse();
			advance(Duration.ofSeconds(10));
			assertThat(lifecycle().reject(last)).isTrue();
		}

		private HeldToken acceptedToken() {
			HeldToken token = held();
			token.accepted();
			return token;
		}

		@Test
		@Tag("RJ-6")
		void rejectWhenARenewalHasFailedInBetweenThenTheRejectionsStillCount() {
			HeldToken first = held();
			issuer.thenFail(new IOException("down"));
			assertThat(lifecycle().reject(first)).isTrue();
			advance(Duration.ofSeconds(1));
			assertThat(lifecycle().reject(held())).isFalse();
		}

	}

	@Nested
	class PutAndRemove {

		@Test
		void putWhenAFlightIsUnderwayThenItsWaitersGetTheTokenThatWasPut() {
			Sinks.One<TokenSet> answer = answerLater();
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			put(TokenSet.withAccessToken("login").build());
			assertThat(valueOf(caller)).isEqualTo("login");
			answer.tryEmitValue(TokenSet.withAccessToken("late").build());
			assertThat(token()).isEqualTo("login");
		}

		@Test
		@Tag("LC-14")
		void putWhenItHasARefreshTokenAloneThenTheWaitersOfTheFlightGoOnWithIt() {
			Sinks.One<TokenSet> answer = answerLater();
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			put(TokenSet.withRefreshToken("r2").build());
			assertThat(valueOf(caller)).isEqualTo("t1");
			answer.tryEmitValue(TokenSet.withAccessToken("late").build());
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly(null, "r2");
		}

		@Test
		void removeWhenAFlightIsUnderwayThenItsWaitersFailAndItsTokenIsNotKept() {
			Sinks.One<TokenSet> answer = answerLater();
			TestSubscriber<AccessToken> caller = caller();
			advance(Duration.ZERO);
			manager.remove(KEY).subscribe();
			assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class).hasMessageContaining("removed");
			answer.tryEmitValue(TokenSet.withAccessToken("late").build());
			assertThat(token()).isEqualTo("t1");
			assertThat(events(TokenEvent.Removed.class)).hasSize(1);
		}

		@Test
		void removeThenTheRefreshTokenIsForgotten() {
			put(TokenSet.withAccessToken("t0").refreshToken("r1").build());
			manager.remove(KEY).subscribe();
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsOnlyNulls();
		}

		@Test
		void tokenWhenTheConfigurationGivesARefreshTokenThenItIsUsedFirst() {
			use((settings) -> settings.refreshToken("configured"));
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("configured");
		}

		@Test
		void tokenWhenClientIsUnknownThenFails() {
			TestSubscriber<AccessToken> caller = TestSubscriber.create();
			manager.token(TokenKey.of("inventroy")).subscribe(caller);
			assertThat(errorOf(caller)).isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("no client 'inventroy'")
				.hasMessageContaining("[inventory]");
			assertThatIllegalArgumentException().isThrownBy(() -> manager.lifecycle(TokenKey.of("inventroy")));
		}

		@ParameterizedTest
		@ValueSource(booleans = { true, false })
		void putWhenAFlightIsUnderwayThenItsLateFailureChangesNothing(boolean refused) {
			Sinks.One<TokenSet> answer = answerLater();
			caller();
			advance(Duration.ZERO);
			put(TokenSet.withAccessToken("login").build());
			answer.tryEmitError(
					refused ? new ReauthenticationRequiredException(KEY, "refused", "invalid_grant", null, null)
							: new IOException("down"));
			assertThat(lifecycle().reject(held())).isTrue();
			assertThat(token()).isEqualTo("t1");
			assertThat(events(TokenEvent.RenewalFailed.class)).isEmpty();
			assertThat(events(TokenEvent.IssueFailed.class)).isEmpty();
			assertThat(events(TokenEvent.ReauthenticationRequired.class)).isEmpty();
		}

		@Test
		void putWhenCoolingDownThenTheCooldownOfTheKeyEnds() {
			random = 0.999_999;
			issuer.then((request) -> Mono.error(new TokenRefusedException(KEY, "no", "invalid_scope", null, null)));
			assertThat(errorOf(caller())).isInstanceOf(TokenRefusedException.class);
			put(TokenSet.withRefreshToken("r1").build());
			assertThat(token()).isEqualTo("t1");
		}

		@Test
		@Tag("LC-7")
		void putWhenTheIssuerCoolsDownThenItsTokenServesAndTheIssuerIsLeftAlone() {
			random = 0.999_999;
			issuer.thenFail(new IOException("down"));
			assertThat(errorOf(caller())).isInstanceOf(TransientTokenException.class);
			put(TokenSet.withRefreshToken("r1").build());
			assertThat(errorOf(caller())).isInstanceOf(TransientTokenException.class);
			put(TokenSet.withAccessToken("login").build());
			assertThat(token()).isEqualTo("login");
			assertThat(issuer.calls()).isEqualTo(1);
		}

		@Test
		@Tag("FP-5")
		void putWhenAFlightIsUnderwayThenItsLateTokenSetIsNotSaved() {
			List<TokenSet> inStore = new ArrayList<>();
			manager = managerWith(new RecordingStore(inStore, Mono.empty()));
			Sinks.One<TokenSet> answer = answerLater();
			caller();
			put(TokenSet.withAccessToken("login").refreshToken("r2").build());
			answer.tryEmitValue(TokenSet.withAccessToken("late").refreshToken("r1").build());
			assertThat(inStore).extracting(TokenSet::refreshToken).containsExactly("r2");
		}

		@Test
		void removeWhenAFlightIsUnderwayThenItsLateTokenSetIsNotSaved() {
			List<TokenSet> inStore = new ArrayList<>();
			manager = managerWith(new RecordingStore(inStore, Mono.empty()));
			Sinks.One<TokenSet> answer = answerLater();
			caller();
			manager.remove(KEY).subscribe();
			answer.tryEmitValue(TokenSet.withAccessToken("late").refreshToken("r1").build());
			assertThat(inStore).isEmpty();
		}

		@Test
		@Tag("LC-9")
		void removeWhenTheStoreHangsThenFailsAndNothingHasChanged() {
			manager = managerWith(new RecordingStore(restingTokens("r1"), Mono.empty()) {
				@Override
				public Mono<Void> remove(TokenKey key) {
					return Mono.never();
				}
			});
			assertThat(token()).isEqualTo("kept");
			TestSubscriber<Void> done = TestSubscriber.create();
			manager.remove(KEY).subscribe(done);
			assertThat(done.isTerminated()).isFalse();
			advance(Duration.ofMillis(500));
			assertThat(done.expectTerminalError()).isInstanceOf(TokenStoreException.class)
				.hasMessageContaining("could not be removed from the token store");
			assertThat(token()).isEqualTo("kept");
		}

		@Test
		@Tag("FP-3")
		void tokenWhenTheRefreshTokenInTheStoreIsRefusedThenItIsNotSentAgain() {
			time.advanceTimeTo(Instant.ofEpochMilli(200_000));
			manager = managerWith(new RecordingStore(restingTokens("r1"), Mono.empty()));
			issuer.thenRefuse().thenFail(new IOException("down"));
			assertThat(errorOf(caller())).isInstanceOf(TransientTokenException.class);
			advance(Duration.ofSeconds(1));
			assertThat(token()).isEqualTo("t1");
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", null, null);
		}

		@ParameterizedTest
		@Tag("FP-5")
		@ValueSource(longs = { 50_000, 200_000 })
		void tokenWhenTheStoreHasNoRefreshTokenThenTheConfiguredOneIsKept(long now) {
			time.advanceTimeTo(Instant.ofEpochMilli(now));
			manager = DefaultTokenManager.builder()
				.virtualTime(time)
				.store(new RecordingStore(restingTokens(null), Mono.empty()).versioned())
				.client(ClientSettings.of("inventory", issuer).refreshToken("configured").build())
				.build();
			token();
			advance(Duration.ofSeconds(30));
			assertThat(issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("configured");
		}

		private List<TokenSet> restingTokens(@Nullable String refreshToken) {
			List<TokenSet> inStore = new ArrayList<>();
			inStore.add(TokenSet.withAccessToken("kept")
				.refreshToken(refreshToken)
				.obtainedAt(Instant.ofEpochMilli(0))
				.expiresIn(Duration.ofSeconds(100))
				.build());
			return inStore;
		}

		private DefaultTokenManager managerWith(UnversionedTokenStore store) {
			return DefaultTokenManager.builder()
				.virtualTime(time)
				.store(store.versioned())
				.client(ClientSettings.of("inventory", issuer).patience(Duration.ZERO).build())
				.build();
		}

	}

	@Nested
	class Events {

		@Test
		void eventsThenTellTheWholeStory() {
			random = 0.5;
			assertThat(token()).isEqualTo("t1");
			advance(Duration.ofMillis(77_500));
			assertThat(token()).isEqualTo("t2");
			issuer.thenFail(new IOException("down"));
			advance(Duration.ofMillis(77_500));
			advance(Duration.ofMillis(250));
			lifecycle().reject(held());
			assertThat(token()).isEqualTo("t4");
			manager.remove(KEY).subscribe();
			assertThat(events(TokenEvent.class).stream()
				.map((event) -> event.getClass().getSimpleName() + " " + event.generation() + " " + event.trigger()
						+ " " + event.occurredAt().toEpochMilli()))
				.containsExactly("Issued 1 USE 0", "Renewed 2 RENEWAL_TIME 77500",
						"RenewalFailed 2 RENEWAL_TIME 155000", "Renewed 3 RENEWAL_TIME 155250",
						"Rejected 3 REJECTION 155250", "Reissued 4 REJECTION 155250", "Removed 4 APPLICATION 155250");
			assertThat(events(TokenEvent.class)).allSatisfy((event) -> {
				assertThat(event.client()).isEqualTo("inventory");
				assertThat(event.subject()).isNull();
				assertThat(event.expiresAt()).isNotNull();
			});
		}

		@Test
		@Tag("slow")
		void eventsWhenASubscriberNeverAsksForMoreThenTheOthersGetAll() {
			TestSubscriber<TokenEvent> stuck = TestSubscriber.builder().initialRequest(0).build();
			manager.events().subscribe(stuck);
			for (int batch = 1; batch <= 3 * 8; batch++) {
				for (int i = 0; i < EventStream.BUFFER_SIZE / 8; i++) {
					put(TokenSet.withAccessToken("t").build());
				}
				assertThat(events(TokenEvent.class)).hasSize(batch * EventStream.BUFFER_SIZE / 8);
			}
			stuck.request(Long.MAX_VALUE);
			manager.close();
			stuck.block(Duration.ofMinutes(1));
			assertThat(stuck.getReceivedOnNext()).hasSizeBetween(EventStream.BUFFER_SIZE, EventStream.BUFFER_SIZE + 2);
			assertThat(stuck.getReceivedOnNext().get(stuck.getReceivedOnNext().size() - 2).generation())
				.isEqualTo(3L * EventStream.BUFFER_SIZE);
		}

		@Test
		void eventsWhenAWokenCallerRejectsItsTokenThenTheIssueComesFirst() {
			Sinks.One<TokenSet> answer = answerLater();
			lifecycle().token().subscribe(lifecycle()::reject);
			advance(Duration.ZERO);
			answer.tryEmitValue(issuer.nextToken().build());
			advance(Duration.ZERO);
			assertThat(events(TokenEvent.class).stream()
				.map((event) -> event.getClass().getSimpleName() + " " + event.generation()))
				.containsExactly("Issued 1", "Rejected 1", "Reissued 2");
		}

	}

	private DefaultTokenManager manager(Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", this.issuer)
			.patience(Duration.ZERO)
			.maxBackoff(Duration.ofSeconds(30));
		customizer.accept(settings);
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> this.random)
			.client(settings.build())
			.build();
		manager.events().subscribe(this.events::add);
		return manager;
	}

	private void use(Consumer<ClientSettings.Builder> customizer) {
		this.manager.close();
		this.manager = manager(customizer);
	}

	private ObservedScheduler observe() {
		this.manager.close();
		ObservedScheduler observed = new ObservedScheduler(this.time);
		this.manager = DefaultTokenManager.builder()
			.virtualTime(observed)
			.random(() -> this.random)
			.client(ClientSettings.of("inventory", this.issuer).patience(Duration.ZERO).build())
			.build();
		return observed;
	}

	private TokenLifecycle lifecycle() {
		return this.manager.lifecycle(KEY);
	}

	private Sinks.One<TokenSet> answerLater() {
		Sinks.One<TokenSet> answer = Sinks.one();
		this.issuer.then(answer.asMono());
		return answer;
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private TestSubscriber<AccessToken> caller() {
		return callers(1).get(0);
	}

	private List<TestSubscriber<AccessToken>> callers(int number) {
		return IntStream.range(0, number).mapToObj((i) -> {
			TestSubscriber<AccessToken> caller = TestSubscriber.create();
			this.manager.token(KEY).subscribe(caller);
			return caller;
		}).toList();
	}

	private String token() {
		TestSubscriber<AccessToken> caller = caller();
		advance(Duration.ZERO);
		return valueOf(caller);
	}

	private HeldToken held() {
		token();
		HeldToken held = lifecycle().usable();
		assertThat(held).isNotNull();
		return held;
	}

	private void put(TokenSet tokens) {
		TestSubscriber<Void> done = TestSubscriber.create();
		this.manager.put(KEY, tokens).subscribe(done);
		assertThat(done.isTerminatedComplete()).isTrue();
	}

	/**
	 * Events are delivered in order but on another thread: those that came before a
	 * marker have arrived when the marker has.
	 */
	private <T extends TokenEvent> List<T> events(Class<T> type) {
		TokenKey marker = TokenKey.of("inventory", "marker");
		int markers = this.events.stream().filter((event) -> event.key().equals(marker)).toList().size();
		this.manager.put(marker, TokenSet.withAccessToken("marker").build()).subscribe();
		Awaitility.await()
			.until(() -> this.events.stream().filter((event) -> event.key().equals(marker)).count() > markers);
		return this.events.stream()
			.filter((event) -> !event.key().equals(marker))
			.filter(type::isInstance)
			.map(type::cast)
			.toList();
	}

	private static String valueOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminated()).as("terminated").isTrue();
		assertThat(caller.expectTerminalSignal().getThrowable()).isNull();
		return caller.getReceivedOnNext().get(0).value();
	}

	private static Throwable errorOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminatedError()).as("failed").isTrue();
		return caller.expectTerminalError();
	}

	private static class RecordingStore implements UnversionedTokenStore {

		private final List<TokenSet> tokens;

		private final Mono<Void> saved;

		RecordingStore(List<TokenSet> tokens, Mono<Void> saved) {
			this.tokens = tokens;
			this.saved = saved;
		}

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return this.tokens.isEmpty() ? Mono.empty() : Mono.just(this.tokens.get(this.tokens.size() - 1));
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			this.tokens.add(tokenSet);
			return this.saved;
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.fromRunnable(this.tokens::clear);
		}

	}

}
