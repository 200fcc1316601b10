package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.test.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for issuers and stores that do not keep to their contracts: nothing hangs, nobody
 * else notices, and one line says whose fault it is.
 */
@Tag("LC-1")
@Tag("LC-8")
class BadInputTests extends LifecycleFixture {

	private static final String AGAIN = "answered more than once";

	private static final String FOREIGN = "is not believed";

	private static final String BEHIND = "which is older";

	private final VersionedMapStore store = new VersionedMapStore();

	private final LogLines log = new LogLines("io.github.evertoken.lifecycle");

	@AfterEach
	void stopListening() {
		this.log.close();
	}

	@Test
	void tokenWhenTheIssuerAnswersTwiceThenTheFirstAnswerCountsAndOneLineSaysSo() {
		put(ALICE, refreshable("r1"));
		this.issuer.then(answering((subscriber) -> {
			subscriber.onNext(TokenSet.withAccessToken("first").refreshToken("r-first").build());
			subscriber.onNext(TokenSet.withAccessToken("second").refreshToken("r-second").build());
			subscriber.onComplete();
		}));
		assertThat(token(ALICE)).isEqualTo("first");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r-first");
		assertThat(this.log.with("")).singleElement()
			.asString()
			.startsWith("WARN The issuer has " + AGAIN)
			.contains("client 'inventory'")
			.doesNotContain("r-second");
		assertThat(token(BOB)).isEqualTo("t1");
	}

	@Test
	void tokenWhenTheIssuerCompletesTwiceThenOneLineSaysSo() {
		this.issuer.then(answering((subscriber) -> {
			subscriber.onNext(TokenSet.withAccessToken("first").expiresIn(Duration.ofMinutes(1)).build());
			subscriber.onComplete();
			subscriber.onComplete();
		}));
		assertThat(token(ALICE)).isEqualTo("first");
		assertThat(this.log.with("")).singleElement().asString().contains(AGAIN);
	}

	@Test
	void tokenWhenTheIssuerFailsAfterItHasAnsweredThenTheAnswerCountsAndOneLineSaysSo() {
		this.issuer.then(answering((subscriber) -> {
			subscriber.onNext(TokenSet.withAccessToken("first").expiresIn(Duration.ofMinutes(1)).build());
			subscriber.onError(new IllegalStateException("broken"));
		}));
		assertThat(token(ALICE)).isEqualTo("first");
		assertThat(this.log.with("")).singleElement().asString().contains(AGAIN);
	}

	@Test
	void tokenWhenTheIssuerAnswersAfterItHasFailedThenTheFailureCountsAndOneLineSaysSo() {
		use((settings) -> settings.patience(Duration.ZERO));
		this.issuer.then(answering((subscriber) -> {
			subscriber.onError(new IllegalStateException("broken"));
			subscriber.onNext(TokenSet.withAccessToken("late").build());
			subscriber.onComplete();
		}));
		assertThat(errorOf(caller(ALICE))).isInstanceOf(TransientTokenException.class);
		assertThat(lifecycle(ALICE).state().held()).isNull();
		assertThat(this.log.with(AGAIN)).hasSize(1);
	}

	@Test
	void tokenWhenTheIssuerNeverAnswersThenOneLineSaysSo() {
		use((settings) -> settings.patience(Duration.ZERO));
		this.issuer.then(Mono.never());
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(5));
		assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class);
		assertThat(this.log.with("")).singleElement()
			.asString()
			.contains("client 'inventory'", "the issuer has not answered within the response-timeout of 5000 ms");
	}

	@Test
	@Tag("LC-1")
	void tokenWhenTheIssuerThrowsFromSubscribeThenOneLineSaysSo() {
		this.issuer.then(new Mono<>() {
			@Override
			public void subscribe(CoreSubscriber<? super TokenSet> actual) {
				throw new IllegalStateException("broken");
			}
		});
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(this.log.with("")).singleElement()
			.asString()
			.contains("client 'inventory'", "the issuer failed with java.lang.IllegalStateException");
	}

	@Test
	void tokenWhenTheCancellationOfTheIssuerThrowsThenTheNextAttemptComesAndOneLineSaysSo() {
		AtomicReference<CoreSubscriber<? super TokenSet>> deaf = new AtomicReference<>();
		this.issuer.then(new Mono<>() {
			@Override
			public void subscribe(CoreSubscriber<? super TokenSet> actual) {
				deaf.set(actual);
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
		});
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofSeconds(6));
		assertThat(valueOf(caller)).isEqualTo("t1");
		deaf.get().onNext(TokenSet.withAccessToken("late").build());
		deaf.get().onComplete();
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.log.with("cancelled")).singleElement()
			.asString()
			.startsWith("WARN The issuer has failed with java.lang.IllegalStateException")
			.contains("client 'inventory'");
	}

	@Test
	void tokenWhenTheStoreAnswersForAnotherKeyThenItIsNotGivenThatAndOneLineSaysSo() {
		use(this.store);
		this.store.loading = (step) -> Mono.just(StoredTokenSet.of(BOB, 3, bobs()));
		assertThat(token(ALICE)).isEqualTo("t1");
		advance(ScriptedIssuer.LIFETIME.minusSeconds(1));
		assertThat(this.log.with(FOREIGN)).singleElement()
			.asString()
			.startsWith("WARN The token store answers for")
			.doesNotContain("bobs");
	}

	@Test
	void landingWhenTheStoreAnswersForAnotherKeyThenItIsNotGivenThatAndItsOwnIsSavedLater() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> Mono.just(SaveResult.conflict(StoredTokenSet.of(BOB, 30, bobs())));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
		assertThat(this.log.with(FOREIGN)).hasSize(1);
		this.store.saving = (step) -> step;
		advance(Duration.ofSeconds(10));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
	}

	@Test
	void putWhenTheStoreAnswersForAnotherKeyThenFailsAndNothingHasChanged() {
		use(this.store);
		put(ALICE, TokenSet.withAccessToken("hers").refreshToken("r1").expiresIn(Duration.ofMinutes(1)).build());
		this.store.saving = (step) -> Mono.just(SaveResult.conflict(StoredTokenSet.of(BOB, 30, bobs())));
		TestSubscriber<Void> done = TestSubscriber.create();
		this.manager.put(ALICE, refreshable("r9")).subscribe(done);
		advance(Duration.ZERO);
		assertThat(done.isTerminatedError()).isTrue();
		assertThat(token(ALICE)).isEqualTo("hers");
	}

	@Test
	void tokenWhenTheStoreIsOlderThanWhatIsKnownThenThatCountsAndOneLineSaysSo() {
		use(this.store);
		StoredTokenSet old = StoredTokenSet.of(ALICE, 1, TokenSet.withAccessToken("old").refreshToken("r0").build());
		put(ALICE, refreshable("r1"));
		put(ALICE, refreshable("r2"));
		this.store.loading = (step) -> Mono.just(old);
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r3").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.issuer.requests()).singleElement()
			.satisfies((request) -> assertThat(request.refreshToken()).isEqualTo("r2"));
		assertThat(this.log.with("")).singleElement()
			.asString()
			.startsWith("WARN The token store has version 1")
			.contains(BEHIND, "client 'inventory'", "after it had version 2");
	}

	@Test
	void landingWhenTheVersionOfTheStoreGoesBackThenTheNewSetComesToRestAndOneLineSaysSo() {
		use(this.store);
		for (int i = 0; i < 5; i++) {
			put(ALICE, refreshable("r1"));
		}
		var answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		this.store.write(StoredTokenSet.of(ALICE, 2, TokenSet.withAccessToken("old").refreshToken("r0").build()));
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		assertThat(this.log.with(BEHIND)).hasSize(1);
	}

	@Test
	void faultWhenItComesWithEveryCallThenThereIsALineAMinute() {
		use(this.store);
		this.store.loading = (step) -> Mono.just(StoredTokenSet.of(BOB, 3, bobs()));
		for (int second = 0; second < 90; second++) {
			assertThat(token(TokenKey.of("inventory", "user-" + second))).startsWith("t");
			advance(Duration.ofSeconds(1));
		}
		assertThat(this.log.with(FOREIGN)).hasSize(2);
	}

	private static TokenSet bobs() {
		return TokenSet.withAccessToken("bobs").refreshToken("r-bobs").expiresIn(Duration.ofHours(1)).build();
	}

	private static Mono<TokenSet> answering(Consumer<CoreSubscriber<? super TokenSet>> answers) {
		return new Mono<>() {
			@Override
			public void subscribe(CoreSubscriber<? super TokenSet> actual) {
				actual.onSubscribe(Operators.emptySubscription());
				answers.accept(actual);
			}
		};
	}

}
