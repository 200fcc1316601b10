package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that wait until somebody has logged in, in virtual time.
 */
@Tag("FP-4")
class SignInTests {

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final TokenKey BOB = TokenKey.of("inventory", "bob");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final ScriptedIssuer issuer = new ScriptedIssuer();

	private DefaultTokenManager manager = manager(Duration.ofSeconds(60));

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "alice")
	void putWhenCallsWaitThenAllGoOn(String subject) {
		TokenKey key = TokenKey.of("inventory", subject);
		signOut(key);
		List<TestSubscriber<AccessToken>> callers = callers(key, 1000);
		advance(Duration.ofSeconds(59));
		assertThat(callers).noneMatch(TestSubscriber::isTerminated);
		put(key, TokenSet.withAccessToken("login").build());
		assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("login"));
		assertThat(this.issuer.calls()).isEqualTo(1);
		assertThat(waiting()).isZero();
	}

	@Test
	@Tag("SF-1")
	void putWhenItHasARefreshTokenAloneThenAllJoinOneFlight() {
		signOut(ALICE);
		List<TestSubscriber<AccessToken>> callers = callers(ALICE, 1000);
		put(ALICE, TokenSet.withRefreshToken("r1").build());
		advance(Duration.ZERO);
		assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("t1"));
		assertThat(this.issuer.calls()).isEqualTo(2);
		assertThat(this.issuer.requests().get(1).refreshToken()).isEqualTo("r1");
	}

	@Test
	void putWhenItIsRefusedInTurnThenCallsFail() {
		signOut(ALICE);
		TestSubscriber<AccessToken> caller = callers(ALICE, 1).get(0);
		this.issuer.thenRefuse().thenRefuse();
		put(ALICE, TokenSet.withRefreshToken("r1").build());
		advance(Duration.ZERO);
		assertThat(errorOf(caller)).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(waiting()).isZero();
	}

	@Test
	void putWhenItIsForAnotherSubjectThenCallsWaitOn() {
		signOut(ALICE);
		signOut(BOB);
		TestSubscriber<AccessToken> alice = callers(ALICE, 1).get(0);
		TestSubscriber<AccessToken> bob = callers(BOB, 1).get(0);
		put(BOB, TokenSet.withAccessToken("of-bob").build());
		assertThat(valueOf(bob)).isEqualTo("of-bob");
		assertThat(alice.isTerminated()).isFalse();
		put(ALICE, TokenSet.withAccessToken("of-alice").build());
		assertThat(valueOf(alice)).isEqualTo("of-alice");
	}

	@Test
	void tokenWhenNobodySignsInThenFailsWithWhatIsNeeded() {
		signOut(ALICE);
		TestSubscriber<AccessToken> first = callers(ALICE, 1).get(0);
		advance(Duration.ofMillis(59_999));
		TestSubscriber<AccessToken> second = callers(ALICE, 1).get(0);
		assertThat(first.isTerminated()).isFalse();
		advance(Duration.ofMillis(1));
		assertThat(errorOf(first)).isInstanceOfSatisfying(ReauthenticationRequiredException.class, (ex) -> {
			assertThat(ex.client()).isEqualTo("inventory");
			assertThat(ex.subject()).isEqualTo("alice");
		});
		assertThat(second.isTerminated()).isFalse();
		advance(Duration.ofSeconds(60));
		assertThat(errorOf(second)).isNotSameAs(errorOf(first));
		assertThat(waiting()).isZero();
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	void tokenWhenTheFlightFindsOutThenItsCallersWaitToo() {
		this.issuer.thenRefuse();
		List<TestSubscriber<AccessToken>> callers = callers(ALICE, 10);
		assertThat(callers).noneMatch(TestSubscriber::isTerminated);
		put(ALICE, TokenSet.withAccessToken("login").build());
		assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("login"));
	}

	@Test
	void startWhenTheKeyIsSignedOutThenDoesNotWait() {
		signOut(ALICE);
		TestSubscriber<Void> start = TestSubscriber.create();
		this.manager.start(ALICE).subscribe(start);
		assertThat(start.expectTerminalError()).isInstanceOf(ReauthenticationRequiredException.class);
	}

	@Test
	void tokenWhenTheClientDoesNotWaitThenFailsAtOnce() {
		this.manager.close();
		this.manager = manager(Duration.ZERO);
		signOut(ALICE);
		assertThat(errorOf(callers(ALICE, 1).get(0))).isInstanceOf(ReauthenticationRequiredException.class);
	}

	@Test
	@Tag("SF-2")
	void cancelWhenACallWaitsThenLeavesNoTrace() {
		signOut(ALICE);
		List<TestSubscriber<AccessToken>> callers = callers(ALICE, 10);
		assertThat(waiting()).isEqualTo(10);
		callers.subList(1, 10).forEach(TestSubscriber::cancel);
		assertThat(waiting()).isEqualTo(1);
		put(ALICE, TokenSet.withAccessToken("login").build());
		assertThat(valueOf(callers.get(0))).isEqualTo("login");
		assertThat(callers.subList(1, 10)).allSatisfy((caller) -> assertThat(caller.getReceivedOnNext()).isEmpty());
	}

	@Test
	@Tag("RN-6")
	void closeWhenCallsWaitThenTheyFail() {
		signOut(ALICE);
		signOut(TokenKey.of("inventory"));
		List<TestSubscriber<AccessToken>> callers = List.of(callers(ALICE, 1).get(0),
				callers(TokenKey.of("inventory"), 1).get(0));
		this.manager.close();
		assertThat(callers)
			.allSatisfy((caller) -> assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class)
				.hasMessageContaining("closed"));
	}

	@Test
	void putWhenTheKeyWasEvictedWhileCallsWaitThenTheyGoOn() {
		signOut(ALICE);
		TestSubscriber<AccessToken> caller = callers(ALICE, 1).get(0);
		IntStream.range(0, 200).forEach((i) -> this.manager.lifecycle(TokenKey.of("inventory", "other" + i)));
		this.manager.lifecycle(ALICE).client().size();
		put(ALICE, TokenSet.withAccessToken("login").build());
		assertThat(valueOf(caller)).isEqualTo("login");
	}

	@Test
	void removeWhenCallsWaitThenTheyLookAgain() {
		signOut(ALICE);
		TestSubscriber<AccessToken> caller = callers(ALICE, 1).get(0);
		this.manager.remove(ALICE).subscribe();
		advance(Duration.ZERO);
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Tag("race")
	@RepeatedTest(200)
	void putWhenItRacesWithWaitingThenNobodyWaitsForASignInThatHasBeen() {
		ScriptedIssuer issuer = new ScriptedIssuer().thenRefuse();
		try (DefaultTokenManager racing = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer).awaitSignIn(Duration.ofSeconds(60)).build())
			.build()) {
			racing.start(ALICE).onErrorComplete().block();
			Mono<String> put = racing.put(ALICE, TokenSet.withAccessToken("login").build()).thenReturn("put");
			Mono<String> token = racing.token(ALICE).map(AccessToken::value);
			List<String> done = Flux.range(0, 4)
				.flatMap((i) -> ((i == 1) ? put : token).subscribeOn(Schedulers.parallel()))
				.collectList()
				.block(Duration.ofMinutes(1));
			assertThat(done).containsExactlyInAnyOrder("put", "login", "login", "login");
		}
	}

	private DefaultTokenManager manager(Duration awaitSignIn) {
		return DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> 0)
			.client(ClientSettings.of("inventory", this.issuer).maximumSubjects(2).awaitSignIn(awaitSignIn).build())
			.build();
	}

	/**
	 * The first call for the key finds out that somebody must log in.
	 */
	private void signOut(TokenKey key) {
		this.issuer.thenRefuse();
		this.manager.start(key).subscribe(null, (ex) -> {
		});
		advance(Duration.ZERO);
	}

	private int waiting() {
		return this.manager.lifecycle(ALICE).client().signIns().size();
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private List<TestSubscriber<AccessToken>> callers(TokenKey key, int number) {
		List<TestSubscriber<AccessToken>> callers = IntStream.range(0, number).mapToObj((i) -> {
			TestSubscriber<AccessToken> caller = TestSubscriber.create();
			this.manager.token(key).subscribe(caller);
			return caller;
		}).toList();
		advance(Duration.ZERO);
		return callers;
	}

	private void put(TokenKey key, TokenSet tokens) {
		this.manager.put(key, tokens).subscribe();
		advance(Duration.ZERO);
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

}
