package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.StoredTokenSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link TokenLifecycle} is asked and told in the course of a request.
 */
class RequestTests extends LifecycleFixture {

	private static final Place PLACE = new Place("https://api.example", "/orders");

	private static final Place OTHER = new Place("https://api.example", "/odd");

	@Test
	@Tag("SF-7")
	void isIssuingThenWithinACallOfTheSameClientAlone() {
		this.manager.close();
		List<Boolean> issuing = new ArrayList<>();
		this.issuer.then((request) -> Mono.deferContextual((context) -> {
			issuing.add(lifecycle(ALICE).isIssuing(context));
			issuing.add(lifecycle(SERVICE).isIssuing(context));
			issuing.add(lifecycle(TokenKey.of("orders")).isIssuing(context));
			return Mono.just(this.issuer.nextToken().build());
		}));
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.client(ClientSettings.of("inventory", this.issuer).build())
			.client(ClientSettings.of("orders", this.issuer).build())
			.build();
		token(ALICE);
		assertThat(issuing).containsExactly(true, true, false);
		assertThat(lifecycle(ALICE).isIssuing(Context.empty())).isFalse();
	}

	@Test
	void isNewsThenUntilAccepted() {
		HeldToken held = held(ALICE);
		assertThat(lifecycle(ALICE).isNews(held)).isTrue();
		lifecycle(ALICE).accept(held, PLACE);
		assertThat(held.wasAccepted()).isTrue();
		assertThat(lifecycle(ALICE).isNews(held)).isFalse();
	}

	@Test
	@Tag("LC-6")
	void isNewsWhenAPlaceHasRefusedAnyThenAlways() {
		HeldToken held = held(ALICE);
		lifecycle(ALICE).accept(held, PLACE);
		lifecycle(ALICE).reject(held, Refusal.at(OTHER));
		assertThat(lifecycle(ALICE).isNews(held)).isTrue();
		lifecycle(ALICE).accept(held, OTHER);
		assertThat(lifecycle(ALICE).isNews(held)).isFalse();
	}

	@Test
	@Tag("RJ-1")
	void tokenAfterWhenTheRejectedOneWasReplacedThenIsTheNewOne() {
		HeldToken rejected = held(ALICE);
		assertThat(lifecycle(ALICE).reject(rejected, Refusal.at(PLACE))).isTrue();
		TestSubscriber<HeldToken> caller = tokenAfter(rejected);
		assertThat(caller.getReceivedOnNext()).extracting(HeldToken::value).containsExactly("t2");
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	@Tag("LC-6")
	void tokenAfterWhenTheRejectedOneServesOthersThenItsReplacementIsWaitedFor() {
		HeldToken rejected = held(ALICE);
		lifecycle(ALICE).accept(rejected, PLACE);
		Sinks.One<TokenSet> answer = answerLater();
		assertThat(lifecycle(ALICE).reject(rejected, Refusal.at(OTHER))).isTrue();
		assertThat(lifecycle(ALICE).usable()).isSameAs(rejected);
		TestSubscriber<HeldToken> caller = tokenAfter(rejected);
		assertThat(caller.isTerminated()).isFalse();
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(caller.getReceivedOnNext()).extracting(HeldToken::value).containsExactly("t2");
	}

	@Test
	@Tag("LC-5")
	@Tag("LC-6")
	void tokenAfterWhenNoReplacementIsToBeHadThenIsTheOneThatServesOthersUntilItExpires() {
		use((settings) -> settings.patience(Duration.ZERO));
		HeldToken rejected = held(ALICE);
		lifecycle(ALICE).accept(rejected, PLACE);
		Sinks.One<TokenSet> answer = answerLater();
		lifecycle(ALICE).reject(rejected, Refusal.at(OTHER));
		TestSubscriber<HeldToken> caller = tokenAfter(rejected);
		answer.tryEmitError(new IOException("reset"));
		advance(Duration.ZERO);
		assertThat(caller.getReceivedOnNext()).containsExactly(rejected);
	}

	@Test
	@Tag("LC-5")
	@Tag("LC-6")
	void tokenAfterWhenTheOneThatServesOthersHasExpiredMeanwhileThenFails() {
		use((settings) -> settings.patience(Duration.ZERO));
		HeldToken rejected = held(ALICE);
		lifecycle(ALICE).accept(rejected, PLACE);
		advance(Duration.ofSeconds(97));
		answerLater();
		lifecycle(ALICE).reject(rejected, Refusal.at(OTHER));
		TestSubscriber<HeldToken> caller = tokenAfter(rejected);
		advance(Duration.ofSeconds(6));
		assertThat(caller.expectTerminalError()).hasMessageContaining("response-timeout");
	}

	@Test
	@Tag("RJ-6")
	void rejectWhenTheWindowAllowsNoMoreThenThereIsNoUseInSendingAgain() {
		use((settings) -> settings.maxRenewals(0));
		HeldToken held = held(ALICE);
		assertThat(lifecycle(ALICE).reject(held, Refusal.at(PLACE))).isFalse();
		assertThat(lifecycle(ALICE).usable()).isSameAs(held);
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-5")
	void rejectWhenASuspectServesAgainThenItsRejectionsPassOn() {
		use((settings) -> settings.patience(Duration.ZERO));
		HeldToken held = held(ALICE);
		lifecycle(ALICE).accept(held, PLACE);
		this.issuer.thenFail(new IOException("reset"));
		assertThat(lifecycle(ALICE).reject(held)).isTrue();
		advance(Duration.ZERO);
		HeldToken serving = lifecycle(ALICE).usable();
		assertThat(serving).isEqualTo(held).isNotSameAs(held);
		assertThat(lifecycle(ALICE).reject(serving)).isFalse();
		assertThat(lifecycle(ALICE).reject(held)).isFalse();
		assertThat(lifecycle(ALICE).state().servesSuspect()).isTrue();
	}

	@Test
	void rejectWhenTheManagerIsClosedThenThereIsNoUseInSendingAgain() {
		HeldToken held = held(ALICE);
		this.manager.close();
		assertThat(lifecycle(ALICE).reject(held, Refusal.at(PLACE))).isFalse();
		assertThat(lifecycle(SERVICE).reject(held, Refusal.at(PLACE))).isFalse();
	}

	@Test
	@Tag("RJ-6")
	void rejectWhenOnlyTheAccessTokenIsKnownAndTheWindowAllowsNoMoreThenThereIsNoUseEither() {
		use((settings) -> settings.maxRenewals(0));
		AccessToken token = held(ALICE);
		assertThat(this.manager.reject(ALICE, token)).isFalse();
	}

	@Test
	@Tag("RJ-6")
	@Tag("LC-14")
	void rejectWhenTheKeyWasEvictedThenItsSuccessorAnswers() {
		VersionedMapStore store = new VersionedMapStore();
		use(store, (settings) -> settings.maximumSubjects(1).maxRenewals(0));
		TokenLifecycle evicted = lifecycle(ALICE);
		HeldToken held = held(ALICE);
		advance(Duration.ofSeconds(2));
		put(BOB, refreshable("r"));
		assertThat(evicted.state().closed()).isTrue();
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(evicted.reject(held)).isFalse();
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-6")
	void rejectWhenThePlaceIsToBlameThenPassesOnAndIsTold() {
		CompletableFuture<List<TokenEvent>> told = this.manager.events().collectList().toFuture();
		HeldToken first = held(ALICE);
		lifecycle(ALICE).accept(first, PLACE);
		assertThat(lifecycle(ALICE).reject(first, Refusal.at(OTHER))).isTrue();
		advance(Duration.ZERO);
		HeldToken second = held(ALICE);
		lifecycle(ALICE).accept(second, PLACE);
		assertThat(lifecycle(ALICE).reject(second, Refusal.at(OTHER))).isFalse();
		assertThat(lifecycle(ALICE).usable()).isSameAs(second);
		this.manager.close();
		assertThat(told.orTimeout(1, TimeUnit.MINUTES).join()).filteredOn(TokenEvent.Rejected.class::isInstance)
			.extracting((event) -> ((TokenEvent.Rejected) event).renewing())
			.containsExactly(true, false);
	}

	@Test
	void stepUpThenIsToldAndTheTokenServesOn() {
		List<TokenEvent> events = new CopyOnWriteArrayList<>();
		this.manager.events().subscribe(events::add);
		HeldToken held = held(ALICE);
		lifecycle(ALICE).stepUp(held, List.of("urn:strong"), Duration.ofMinutes(5));
		Awaitility.await().until(() -> events.size() == 2);
		assertThat(events.get(1)).isInstanceOfSatisfying(TokenEvent.StepUpRequired.class, (event) -> {
			assertThat(event.key()).isEqualTo(ALICE);
			assertThat(event.generation()).isEqualTo(1);
			assertThat(event.acrValues()).containsExactly("urn:strong");
			assertThat(event.maxAge()).isEqualTo(Duration.ofMinutes(5));
			assertThat(event.expiresAt()).isEqualTo(held.expiresAt());
		});
		assertThat(lifecycle(ALICE).usable()).isSameAs(held);
	}

	@Test
	@Tag("LC-12")
	void usableThenIsAUseThatKeepsTheKey() {
		use((settings) -> settings.maximumSubjects(2));
		put(ALICE, TokenSet.withAccessToken("a").build());
		put(BOB, TokenSet.withAccessToken("b").build());
		TokenLifecycle alice = lifecycle(ALICE);
		TokenLifecycle bob = lifecycle(BOB);
		advance(Duration.ofSeconds(10));
		assertThat(alice.usable()).isNotNull();
		advance(Duration.ofSeconds(10));
		put(TokenKey.of("inventory", "carol"), TokenSet.withAccessToken("c").build());
		assertThat(alice.state().closed()).isFalse();
		assertThat(bob.state().closed()).isTrue();
	}

	@Test
	@Tag("LC-12")
	void lifecycleThenIsAUseThatKeepsTheKey() {
		use((settings) -> settings.maximumSubjects(2));
		put(ALICE, TokenSet.withAccessToken("a").build());
		TokenLifecycle alice = lifecycle(ALICE);
		put(BOB, TokenSet.withAccessToken("b").build());
		TokenLifecycle bob = lifecycle(BOB);
		advance(Duration.ofSeconds(10));
		assertThat(lifecycle(ALICE)).isSameAs(alice);
		advance(Duration.ofSeconds(10));
		lifecycle(TokenKey.of("inventory", "carol"));
		assertThat(alice.state().closed()).isFalse();
		assertThat(bob.state().closed()).isTrue();
	}

	@Test
	@Tag("LC-12")
	@Tag("LC-14")
	void putWhenTheKeyWasEvictedThenItsSuccessorMayGoLikeAnyOther() {
		use((settings) -> settings.maximumSubjects(1));
		TokenLifecycle evicted = lifecycle(ALICE);
		lifecycle(BOB);
		assertThat(evicted.state().closed()).isTrue();
		complete(new Commands(evicted).put(refreshable("r1")));
		TokenLifecycle successor = evicted.client().keys().known(ALICE);
		assertThat(successor).isNotNull().isNotSameAs(evicted);
		assertThat(successor.state().refreshToken()).isEqualTo("r1");
		advance(Duration.ofSeconds(10));
		lifecycle(TokenKey.of("inventory", "carol"));
		assertThat(successor.state().closed()).isTrue();
	}

	@Test
	@Tag("LC-12")
	void sizeThenCountsThoseAloftToo() {
		use((settings) -> settings.maximumSubjects(1));
		answerLater();
		caller(ALICE);
		lifecycle(BOB);
		lifecycle(TokenKey.of("inventory", "carol"));
		assertThat(lifecycle(SERVICE).client().size()).isEqualTo(2);
	}

	@Test
	@Tag("LC-10")
	void tokenWhenTheRefreshTokenOfASubjectIsRefusedThenTheConfiguredOneIsNotSentForIt() {
		use((settings) -> settings.refreshToken("of-the-service"));
		put(ALICE, refreshable("r1"));
		this.issuer.thenRefuse().thenRefuse();
		assertThat(errorOf(caller(ALICE))).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", null);
		put(SERVICE, refreshable("r2"));
		this.issuer.thenRefuse();
		assertThat(token(SERVICE)).isEqualTo("t1");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken)
			.containsExactly("r1", null, "r2", "of-the-service");
	}

	@Test
	@Tag("LC-9")
	void tokenWhenSomebodyElseHasWrittenMeanwhileThenTheKeyTakesThat() {
		VersionedMapStore store = new VersionedMapStore();
		use(store, (settings) -> settings.patience(Duration.ZERO));
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		store.write(StoredTokenSet.of(ALICE, 7, refreshable("theirs")));
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("theirs");
		assertThat(valueOf(caller)).isEqualTo("t2");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", "theirs");
	}

	private HeldToken held(TokenKey key) {
		token(key);
		HeldToken held = lifecycle(key).usable();
		assertThat(held).isNotNull();
		return held;
	}

	private TestSubscriber<HeldToken> tokenAfter(HeldToken rejected) {
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		lifecycle(ALICE).tokenAfter(rejected).subscribe(caller);
		advance(Duration.ZERO);
		return caller;
	}

}
