
package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for refresh tokens that are on their way to the issuer, which nothing but their
 * own deadline may cut off.
 */
class RefreshOnItsWayTests extends LifecycleFixture {

	private static final int MANY = 100;

	private final VersionedMapStore store = new VersionedMapStore();

	@Test
	@Tag("LC-3")
	void answerWhenItComesJustInTimeAndTheStoreIsSlowThenItsRefreshTokenIsKept() {
		assertIsKeptWhenAnsweredAfter(Duration.ofMillis(4900));
	}

	@Test
	@Tag("LC-3")
	void answerWhenItComesAtTheDeadlineAndTheStoreIsSlowThenItsRefreshTokenIsKept() {
		assertIsKeptWhenAnsweredAfter(Duration.ofMillis(29_900));
	}

	private void assertIsKeptWhenAnsweredAfter(Duration elapsed) {
		use(this.store);
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> step.delaySubscription(Duration.ofMillis(300), this.time);
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		advance(elapsed);
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ofSeconds(1));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1");
	}

	@Test
	@Tag("LC-3")
	void answerWhenItTakesLongerThanTheCallerWaitsThenIsAdopted() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(6));
		assertThat(errorOf(caller)).hasMessageContaining("response-timeout");
		TestSubscriber<AccessToken> next = caller(ALICE);
		assertThat(this.issuer.calls()).isEqualTo(1);
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(valueOf(next)).isEqualTo("t1");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-3")
	void callerWhenItJoinsALateFlightThenIsToldWhenPatienceWithItIsOver() {
		put(ALICE, refreshable("r1"));
		answerLater();
		caller(ALICE);
		advance(Duration.ofSeconds(6));
		TestSubscriber<AccessToken> next = caller(ALICE);
		advance(Duration.ofMillis(1900));
		assertThat(next.isTerminated()).isFalse();
		advance(Duration.ofMillis(100));
		assertThat(errorOf(next)).hasMessageContaining("response-timeout");
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-3")
	void answerWhenTheResponseTimeoutIsLongerThanTheDefaultDeadlineThenIsAdoptedAllTheSame() {
		use((settings) -> settings.responseTimeout(Duration.ofSeconds(40)).maxWait(Duration.ofSeconds(60)));
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(41));
		assertThat(errorOf(caller)).hasMessageContaining("response-timeout of 40000 ms");
		advance(Duration.ofSeconds(23));
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@ParameterizedTest
	@Tag("LC-3")
	@CsvSource({ "1, 30", "5, 30", "6, 31", "40, 65" })
	void refreshDeadlineWhenItIsNotSetThenFollowsTheResponseTimeout(long responseTimeout, long expected) {
		assertThat(ClientSettings.of("inventory", this.issuer)
			.responseTimeout(Duration.ofSeconds(responseTimeout))
			.build()
			.refreshDeadline()).isEqualTo(Duration.ofSeconds(expected));
	}

	@Test
	@Tag("LC-3")
	void refreshDeadlineWhenItIsLessThanTheResponseTimeoutThenIsRefused() {
		ClientSettings.Builder settings = ClientSettings.of("inventory", this.issuer)
			.responseTimeout(Duration.ofSeconds(31))
			.refreshDeadline(Duration.ofSeconds(30));
		assertThatIllegalArgumentException().isThrownBy(settings::build)
			.withMessageContaining("refresh deadline of client 'inventory'")
			.withMessageContaining("response time-out PT31S, but is PT30S");
	}

	@Test
	@Tag("LC-3")
	void putWhenItIsTheRefreshTokenThatIsOnItsWayThenWhatComesRestsInTheStore() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r1").expiresIn(Duration.ofSeconds(50)).build());
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ofSeconds(5));
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
	}

	@Test
	@Tag("LC-3")
	void answerWhenItComesTwiceThenTheSecondChangesNothing() {
		put(ALICE, refreshable("r1"));
		this.issuer.then(Mono.fromDirect((subscriber) -> subscriber.onSubscribe(new Twice(subscriber))));
		assertThat(token(ALICE)).isEqualTo("first");
		assertThat(token(ALICE)).isEqualTo("first");
		assertThat(lifecycle(ALICE).state().generation()).isEqualTo(2);
	}

	@Test
	@Tag("LC-3")
	void drainWhenARefreshIsLateThenWaitsForIt() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		TestSubscriber<Void> drained = TestSubscriber.create();
		this.manager.drain().subscribe(drained);
		advance(Duration.ofSeconds(20));
		assertThat(drained.isTerminated()).isFalse();
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(drained.isTerminatedComplete()).isTrue();
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-5")
	void drainWhenASuspectServesDuringALateRefreshThenWaitsForIt() {
		HeldToken suspect = suspectOf(Duration.ofSeconds(100));
		Sinks.One<TokenSet> answer = answerLater();
		lifecycle(ALICE).reject(suspect);
		caller(ALICE);
		advance(Duration.ofSeconds(6));
		TestSubscriber<Void> drained = TestSubscriber.create();
		this.manager.drain().subscribe(drained);
		advance(Duration.ofSeconds(1));
		assertThat(drained.isTerminated()).isFalse();
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(drained.isTerminatedComplete()).isTrue();
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-5")
	void suspectWhenItExpiresDuringALateRefreshThenNobodyGetsItAnyMore() {
		HeldToken suspect = suspectOf(Duration.ofSeconds(10));
		Sinks.One<TokenSet> answer = answerLater();
		lifecycle(ALICE).reject(suspect);
		TestSubscriber<AccessToken> early = caller(ALICE);
		advance(Duration.ofSeconds(6));
		assertThat(valueOf(early)).isEqualTo("login");
		assertThat(token(ALICE)).isEqualTo("login");
		advance(Duration.ofSeconds(5));
		TestSubscriber<AccessToken> late = caller(ALICE);
		assertThat(late.getReceivedOnNext()).isEmpty();
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(List.of(token(ALICE), token(ALICE))).containsOnly("t1");
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-3")
	void idleKeyWhenAnAnswerWasLostThenAsksUntilItKnows() {
		haveADueToken();
		this.issuer.thenFail(lost()).thenFail(down()).thenFail(down()).thenFail(lost()).then(answer("r2"));
		assertThat(token(ALICE)).isEqualTo("login");
		advance(Duration.ofSeconds(15));
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken)
			.containsExactly("r1", "r1", "r1", "r1", "r1");
	}

	@Test
	@Tag("LC-3")
	void idleKeyWhenItsLastCallerHasGivenUpAfterALostAnswerThenAsksUntilItKnows() {
		put(ALICE, refreshable("r1"));
		failFor(Duration.ofSeconds(4), lost());
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(4));
		assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class);
		advance(Duration.ofSeconds(10));
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-7")
	void idleKeysWhenTheirAnswersWereLostThenEachAsksUntilItKnows() {
		List<TokenKey> keys = List.of(ALICE, BOB, TokenKey.of("inventory", "carol"));
		keys.forEach((key) -> put(key,
				TokenSet.withAccessToken("login").refreshToken("r1").expiresIn(ScriptedIssuer.LIFETIME).build()));
		advance(Duration.ofSeconds(81));
		failFor(Duration.ofSeconds(10), lost());
		keys.forEach(this::token);
		advance(Duration.ofSeconds(25));
		assertThat(keys).extracting((key) -> lifecycle(key).state().refreshToken()).containsOnly("r2");
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-7")
	void idleKeyWhenItKnowsNothingForAMinuteThenWaitsForItsNextUse() {
		haveADueToken();
		this.issuer.thenFail(lost());
		failFor(Duration.ofHours(1), down());
		assertThat(token(ALICE)).isEqualTo("login");
		advance(Duration.ofSeconds(55));
		int calls = this.issuer.calls();
		assertThat(calls).isBetween(10, 40);
		advance(Duration.ofSeconds(4));
		assertThat(this.issuer.calls()).isGreaterThan(calls);
		advance(Duration.ofSeconds(6));
		int last = this.issuer.calls();
		advance(Duration.ofMinutes(10));
		assertThat(this.issuer.calls()).isEqualTo(last);
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-9")
	void idleKeyWhenSomebodyLogsInAfterALostAnswerThenAsksNoMore() {
		haveADueToken();
		failFor(Duration.ofHours(1), lost());
		assertThat(token(ALICE)).isEqualTo("login");
		advance(Duration.ofSeconds(5));
		put(ALICE, TokenSet.withAccessToken("again").refreshToken("r9").expiresIn(ScriptedIssuer.LIFETIME).build());
		int calls = this.issuer.calls();
		advance(Duration.ofSeconds(50));
		assertThat(this.issuer.calls()).isEqualTo(calls);
	}

	@Test
	@Tag("LC-3")
	void idleKeyWhenNoAnswerWasLostThenAsksNoMore() {
		haveADueToken();
		this.issuer.thenFail(down());
		assertThat(token(ALICE)).isEqualTo("login");
		advance(Duration.ofSeconds(60));
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-12")
	void evictionWhenAnAnswerWasLostThenTheKeyAsksOnAndGoesWhenItKnows() {
		use((settings) -> settings.maximumSubjects(1));
		haveADueToken();
		this.issuer.thenFail(lost()).thenFail(lost()).thenFail(lost()).then(answer("r2"));
		assertThat(token(ALICE)).isEqualTo("login");
		evictDuringAPause(lifecycle(ALICE));
		assertThat(this.issuer.calls()).isLessThan(4);
		advance(Duration.ofSeconds(30));
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken)
			.containsExactly("r1", "r1", "r1", "r1");
		assertThat(lifecycle(BOB).client().keys().size()).isEqualTo(1);
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-12")
	void evictionWhenTheAnswerStaysLostThenTheKeyGoesInTheEnd() {
		use((settings) -> settings.maximumSubjects(1));
		haveADueToken();
		for (int i = 0; i < MANY; i++) {
			this.issuer.thenFail(lost());
		}
		assertThat(token(ALICE)).isEqualTo("login");
		TokenLifecycle alice = lifecycle(ALICE);
		advance(Duration.ofSeconds(59));
		int calls = this.issuer.calls();
		evictDuringAPause(alice);
		KeyRegistry keys = lifecycle(BOB).client().keys();
		TokenLifecycle bob = lifecycle(BOB);
		advance(Duration.ofMinutes(5));
		assertThat(this.issuer.calls()).isEqualTo(calls);
		assertThat(keys.all()).containsExactly(bob);
	}

	private void evictDuringAPause(TokenLifecycle alice) {
		while (alice.state().flight() != null) {
			advance(Duration.ofMillis(50));
		}
		assertThat(alice.state().conditions().isUnanswered(alice.now())).isTrue();
		put(BOB, TokenSet.withAccessToken("bob").expiresIn(Duration.ofHours(1)).build());
	}

	/**
	 * Another key begins to find out whether the issuer works when the timer of this one
	 * has rung already, and ends before this one looks whether it has to wait for that.
	 */
	@Test
	@Tag("LC-3")
	@Tag("LC-7")
	void timerWhenAnotherKeyAsksInTheVeryMomentThenRingsAgain() {
		ObservedScheduler observed = useObserved((settings) -> settings.keepAlive(true));
		token(SERVICE);
		IssuerCondition condition = lifecycle(SERVICE).client().condition();
		Moment start = lifecycle(SERVICE).now();
		advance(Duration.ofSeconds(70));
		condition.failed(down(), false, start, start, new Backoff(500, 30_000, 3000), 1);
		List<Runway.Admission> admissions = new ArrayList<>();
		// The timer looks at the two clocks when it rings, and again before it starts a
		// flight.
		beforeNow(observed, 3, () -> {
			admissions.add(condition.admit(false, new Moment(start.after(90_000), start.wall() + 90_000)));
			beforeNow(observed, 2, condition::probeEnded);
		});
		advance(Duration.ofSeconds(20));
		assertThat(admissions).containsExactly(Runway.Admission.PROBE);
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	private static void beforeNow(ObservedScheduler observed, int nth, Runnable action) {
		observed.beforeNow((nth == 1) ? action : () -> beforeNow(observed, nth - 1, action));
	}

	private void haveADueToken() {
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r1").expiresIn(ScriptedIssuer.LIFETIME).build());
		advance(Duration.ofSeconds(81));
	}

	private Mono<TokenSet> answer(String refreshToken) {
		return Mono.fromSupplier(() -> this.issuer.nextToken().refreshToken(refreshToken).build());
	}

	/**
	 * Let the issuer, which takes its time, fail for a while, and then answer with r2.
	 */
	private void failFor(Duration duration, TransientTokenException failure) {
		long end = this.time.now(TimeUnit.MILLISECONDS) + duration.toMillis();
		Mono<TokenSet> answer = Mono
			.defer(() -> (this.time.now(TimeUnit.MILLISECONDS) < end) ? Mono.error(failure) : answer("r2"))
			.delaySubscription(Duration.ofMillis(50), this.time);
		for (int i = 0; i < MANY; i++) {
			this.issuer.then(answer);
		}
	}

	private static TransientTokenException lost() {
		return new TransientTokenException(ALICE, "the answer is torn", null, null, null, true, null);
	}

	private static TransientTokenException down() {
		return new TransientTokenException(ALICE, "the connection is refused", null);
	}

	private HeldToken suspectOf(Duration lifetime) {
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r1").expiresIn(lifetime).build());
		assertThat(token(ALICE)).isEqualTo("login");
		HeldToken held = lifecycle(ALICE).state().held();
		assertThat(held).isNotNull();
		held.accepted();
		return held;
	}

	/**
	 * Answers twice, against its contract.
	 */
	private record Twice(
			org.reactivestreams.Subscriber<? super TokenSet> subscriber) implements org.reactivestreams.Subscription {

		@Override
		public void request(long n) {
			for (String value : List.of("first", "second")) {
				this.subscriber.onNext(
						TokenSet.withAccessToken(value).refreshToken("r1").expiresIn(Duration.ofMinutes(5)).build());
				this.subscriber.onComplete();
			}
		}

		@Override
		public void cancel() {
			// It does not listen.
		}

	}

	@Test
	@Tag("LC-3")
	@Tag("LC-12")
	void idleKeyWhenTheIssuerHangsThenDoesNotAskForEver() {
		put(ALICE, refreshable("r1"));
		for (int i = 0; i < 20; i++) {
			answerLater();
		}
		caller(ALICE);
		advance(Duration.ofMinutes(4));
		int calls = this.issuer.calls();
		assertThat(calls).isBetween(2, 4);
		advance(Duration.ofMinutes(10));
		assertThat(this.issuer.calls()).isEqualTo(calls);
		assertThat(lifecycle(ALICE).state().flight()).isNull();
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-7")
	void callerWhenAnAnswerWasLostAndAnotherKeyShowsThatTheIssuerIsWellThenIsServedAtOnce() {
		put(ALICE, refreshable("r1"));
		put(BOB, refreshable("r2"));
		Sinks.One<TokenSet> bob = answerLater();
		caller(BOB);
		this.issuer.thenFail(new TransientTokenException(ALICE, "answered with status 502", null, null,
				Duration.ofMinutes(5), true, null));
		caller(ALICE);
		advance(Duration.ofSeconds(1));
		bob.tryEmitValue(this.issuer.nextToken().refreshToken("r3").build());
		advance(Duration.ofSeconds(1));
		assertThat(token(ALICE)).isEqualTo("t2");
	}

}
