
package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.test.Rule;
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

	private final VersionedMapStore store = new VersionedMapStore();

	@Test
	@Rule("LC-3")
	void answerWhenItComesJustInTimeAndTheStoreIsSlowThenItsRefreshTokenIsKept() {
		assertIsKeptWhenAnsweredAfter(Duration.ofMillis(4900));
	}

	@Test
	@Rule("LC-3")
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
	@Rule("LC-3")
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
	@Rule("LC-3")
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
	@Rule("LC-3")
	@CsvSource({ "1, 30", "5, 30", "6, 31", "40, 65" })
	void refreshDeadlineWhenItIsNotSetThenFollowsTheResponseTimeout(long responseTimeout, long expected) {
		assertThat(ClientSettings.of("inventory", this.issuer)
			.responseTimeout(Duration.ofSeconds(responseTimeout))
			.build()
			.refreshDeadline()).isEqualTo(Duration.ofSeconds(expected));
	}

	@Test
	@Rule("LC-3")
	void refreshDeadlineWhenItIsLessThanTheResponseTimeoutThenIsRefused() {
		ClientSettings.Builder settings = ClientSettings.of("inventory", this.issuer)
			.responseTimeout(Duration.ofSeconds(31))
			.refreshDeadline(Duration.ofSeconds(30));
		assertThatIllegalArgumentException().isThrownBy(settings::build)
			.withMessageContaining("refresh deadline of client 'inventory'")
			.withMessageContaining("response time-out PT31S, but is PT30S");
	}

	@Test
	@Rule("LC-3")
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
	@Rule("LC-3")
	void answerWhenItComesTwiceThenTheSecondChangesNothing() {
		put(ALICE, refreshable("r1"));
		this.issuer.then(Mono.fromDirect((subscriber) -> subscriber.onSubscribe(new Twice(subscriber))));
		assertThat(token(ALICE)).isEqualTo("first");
		assertThat(token(ALICE)).isEqualTo("first");
		assertThat(lifecycle(ALICE).state().generation()).isEqualTo(2);
	}

	@Test
	@Rule("LC-3")
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
	@Rule({ "LC-3", "LC-5" })
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
	@Rule({ "LC-3", "LC-5" })
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

}
