
package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the queue of a client's flights: it costs time, and neither a call nor a
 * session.
 */
class RunwayTests extends LifecycleFixture {

	@Test
	@Tag("LC-4")
	void flightsWhenTheyAreMoreThanMayRunThenQueueBeforeTheirClockStarts() {
		use((settings) -> settings.maxConcurrentRequests(1).maxWait(Duration.ofMinutes(1)));
		List<Sinks.One<TokenSet>> answers = IntStream.range(0, 5).mapToObj((i) -> answerLater()).toList();
		List<TestSubscriber<AccessToken>> callers = IntStream.range(0, 5).mapToObj((i) -> caller(subject(i))).toList();
		for (int i = 0; i < 5; i++) {
			advance(Duration.ofSeconds(4));
			assertThat(this.issuer.calls()).isEqualTo(i + 1);
			answers.get(i).tryEmitValue(this.issuer.nextToken().build());
		}
		advance(Duration.ZERO);
		assertThat(callers).extracting(LifecycleFixture::valueOf).containsExactly("t1", "t2", "t3", "t4", "t5");
	}

	@Test
	@Tag("LC-4")
	@Tag("LC-9")
	void putWhenItsFlightIsInTheQueueThenThatNeverStarts() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(BOB, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		TestSubscriber<AccessToken> caller = caller(BOB);
		put(BOB, TokenSet.withAccessToken("login").refreshToken("r2").build());
		assertThat(valueOf(caller)).isEqualTo("login");
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(1);
		assertThat(token(TokenKey.of("inventory", "carol"))).isEqualTo("t2");
	}

	@Test
	@Tag("LC-4")
	@Tag("LC-9")
	void revokeWhenItsFlightIsInTheQueueThenNothingIsLeftOfIt() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(BOB, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		caller(BOB);
		this.manager.revoke(BOB).subscribe();
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(1);
		assertThat(lifecycle(BOB).state().conditions()).isEqualTo(Conditions.NONE);
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-4")
	void closeWhenFlightsAreInTheQueueThenNoneStarts() {
		use((settings) -> settings.maxConcurrentRequests(1));
		answerLater();
		caller(SERVICE);
		IntStream.range(0, 20).forEach((i) -> caller(subject(i)));
		this.manager.close();
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-4")
	void flightWhenItWaitsForOneThatQueuesBehindItThenThatGoesFirst() {
		use((settings) -> settings.maxConcurrentRequests(1));
		this.issuer.then((request) -> this.manager.token(SERVICE)
			.map((actor) -> TokenSet.withAccessToken("alice-by-" + actor.value()).build()));
		TestSubscriber<AccessToken> alice = TestSubscriber.create();
		this.manager.token(ALICE).subscribe(alice);
		TestSubscriber<AccessToken> service = TestSubscriber.create();
		this.manager.token(SERVICE).subscribe(service);
		advance(Duration.ZERO);
		assertThat(this.issuer.requests()).extracting(TokenRequest::key).containsExactly(ALICE, SERVICE);
		assertThat(valueOf(service)).isEqualTo("t1");
		advance(Duration.ofMillis(1));
		assertThat(valueOf(alice)).isEqualTo("alice-by-t1");
	}

	@Test
	@Tag("LC-4")
	@Tag("LC-7")
	void recoveryWhenOldCallsHangThenTheyKeepNobodyFromTheIssuer() {
		use((settings) -> settings.maxConcurrentRequests(8));
		for (int i = 0; i < 4; i++) {
			put(subject(i), refreshable("r" + i));
			answerLater();
			caller(subject(i));
		}
		this.issuer.thenFail(new IOException("reset"));
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(token(BOB)).isEqualTo("t2");
	}

	@Test
	@Tag("LC-2")
	void callerWhenARenewalIsBeforeItInTheQueueThenDoesNotWaitForItsBackoff() {
		use((settings) -> settings.maxConcurrentRequests(1)
			.initialBackoff(Duration.ofSeconds(5))
			.patience(Duration.ofSeconds(1)));
		TokenSet due = TokenSet.withAccessToken("due").refreshToken("r1").expiresIn(Duration.ofSeconds(100)).build();
		put(ALICE, due);
		put(BOB, due);
		advance(Duration.ofSeconds(85));
		Sinks.One<TokenSet> first = answerLater();
		assertThat(token(ALICE)).isEqualTo("due");
		assertThat(token(BOB)).isEqualTo("due");
		TestSubscriber<AccessToken> caller = caller(SERVICE);
		first.tryEmitError(new IOException("reset"));
		advance(Duration.ofMillis(100));
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-7")
	void callerWhenItsFlightFailsAfterARenewalThenIsPatientAllTheSame() {
		use((settings) -> settings.initialBackoff(Duration.ofSeconds(20)).maxBackoff(Duration.ofSeconds(20)));
		put(ALICE, TokenSet.withAccessToken("due").refreshToken("r1").expiresIn(Duration.ofSeconds(100)).build());
		advance(Duration.ofSeconds(85));
		Sinks.One<TokenSet> renewal = answerLater();
		Sinks.One<TokenSet> awaited = answerLater();
		assertThat(token(ALICE)).isEqualTo("due");
		TestSubscriber<AccessToken> caller = caller(BOB);
		advance(Duration.ofMillis(10));
		renewal.tryEmitError(new IOException("reset"));
		advance(Duration.ofMillis(10));
		awaited.tryEmitError(new IOException("reset"));
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Test
	@Tag("LC-4")
	void runwayWhenFlightsHaveEndedInEveryWayThenAllPlacesAreFreeAgain() {
		use((settings) -> settings.maxConcurrentRequests(1).patience(Duration.ZERO));
		this.issuer.thenFail(new IOException("reset")).thenRefuse().then(Mono.empty()).then((request) -> {
			throw new IllegalStateException("broken");
		}).then(Mono.never());
		for (int i = 0; i < 5; i++) {
			caller(subject(i));
			advance(Duration.ofSeconds(60));
		}
		assertThat(token(SERVICE)).isEqualTo("t1");
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		caller(BOB);
		assertThat(this.issuer.calls()).isEqualTo(7);
		complete(this.manager.remove(ALICE));
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(this.issuer.requests()).extracting(TokenRequest::key).endsWith(ALICE, BOB);
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-4")
	void nestedFlightWhenItIsTriedAgainThenDoesNotQueueBehindTheOneThatWaitsForIt() {
		use((settings) -> settings.maxConcurrentRequests(1));
		this.issuer
			.then((request) -> this.manager.token(SERVICE)
				.map((actor) -> TokenSet.withAccessToken("by-" + actor.value()).build()))
			.thenFail(new IOException("reset"));
		TestSubscriber<AccessToken> alice = caller(ALICE);
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(alice)).isEqualTo("by-t1");
	}

	@Test
	@Tag("LC-4")
	void flightWhenItIsLateAndAnsweredThenGivesItsPlaceBackOnce() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> late = answerLater();
		caller(ALICE);
		advance(Duration.ofMillis(5000));
		answerLater();
		caller(BOB);
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(2);
		late.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		caller(TokenKey.of("inventory", "carol"));
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	private static TokenKey subject(int i) {
		return TokenKey.of("inventory", "subject" + i);
	}

}
